// The settings with the storefront that somebody set in the theme editor, in the place of the usual one, if it is an
// address as the tool itself takes one, and not this shop's. It is put around the settings of redirect.js, and only
// there if the theme has that setting. A test compares it with `src/guard/storefront.rs`. Kept to what the minifier
// gets right.
(settings => {
  const text = ((document.currentScript || {}).dataset || {}).storefront || "";
  const bare = text => text.replace(/\/+$/, "");
  try {
    const { href, origin, pathname, protocol, hostname } = new URL(text);
    const isSafe = protocol === "https:" || /^(.+\.)?localhost$|^127\.|^\[::1\]$/.test(hostname);
    // No name, password, query or fragment.
    const isPlain = /^https?:\/\//.test(text) && href === origin + pathname;
    return text.length <= 64 && isSafe && isPlain && origin !== location.origin ? { ...settings, storefront: bare(href) } : settings;
  } catch {
    return settings;
  }
})
