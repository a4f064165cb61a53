// Asks for the files of the recorded comparison before the page's own code does, unless the page will show something else.
try {
  const showsOther = location.hash !== '' || sessionStorage.getItem('pairscope.unsaved') !== null;
  for (const href of showsOther ? [] : document.currentScript.dataset.files.split(' ')) {
    const link = document.createElement('link');
    link.rel = 'preload';
    link.as = 'fetch';
    link.crossOrigin = 'anonymous';
    link.href = href;
    document.head.append(link);
  }
} catch {
  // Storage is forbidden: only a head start is lost.
}
