// Runs before the first paint. External, because the page's policy allows no inline script.
try {
  const theme = localStorage.getItem('pairscope.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage is forbidden: the system's preference decides.
}
// An address with a comparison must not show another one first.
if (/^#.*[cm](=|%3d)/i.test(location.hash)) document.documentElement.dataset.opening = '';
