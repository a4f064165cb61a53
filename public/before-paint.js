// Runs before the first paint. External, because the page's policy allows no inline script.
try {
  const theme = localStorage.getItem('pairscope.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage is forbidden: the system's preference decides.
}

// An address with a comparison must not show another one first.
if (/^#.*[cm](=|%3d)/i.test(location.hash)) document.documentElement.dataset.opening = '';

// A static host does not send the header that forbids frames, and no meta tag can. Inside another page this one is not shown, so that
// nobody is led to press what they do not see.
if (window.top !== window.self) {
  document.documentElement.hidden = true;
  addEventListener('DOMContentLoaded', () => {
    const link = document.createElement('a');
    link.href = location.href;
    link.target = '_blank';
    link.rel = 'noopener';
    link.textContent = 'Open it in a tab of its own.';
    // A shadow is shown in place of all that the body holds, now and later.
    document.body.attachShadow({ mode: 'open' }).append('Pairscope does not open inside another page. ', link);
    document.documentElement.hidden = false;
  });
}
