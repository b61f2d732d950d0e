// The settings with the storefront that is for this host of the shop and for the language of the page, in the
// place of the usual one; where one of the storefronts is this site itself, with this site, so that nobody is
// sent in circles. It is put around the settings of redirect.js, and only there if there are several
// storefronts. `src/guard/storefront.rs` does the same, in Rust. Kept to what the minifier gets right.
(settings => {
  const { host, origin } = location, rows = settings.storefronts;
  const { locale } = (document.currentScript || {}).dataset || {};
  const fits = row => (!row.host || row.host === host) && (!row.locale || row.locale === locale);
  const urls = [settings.storefront].concat(rows.map(row => row.url));
  const storefront = urls.some(url => new URL(url).origin === origin) ? origin : (rows.find(fits) || {}).url || settings.storefront;
  return { ...settings, storefront };
})
