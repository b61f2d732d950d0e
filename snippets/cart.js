// What redirect.js asks where a shopper belongs: what `lead` says, or else the same path; and from the cart,
// with the cart ID. Of that number only the server knows, so that no shopper can bring another. It is
// only there if the settings name a parameter for it. `src/guard/paths/lead.rs` does the same, in Rust. Kept to
// what the minifier gets right.
(lead => (settings, rest) => {
  const name = settings.cart, { cart } = (document.currentScript || {}).dataset || {};
  const own = goes => rest(key => key === name || goes?.(key));
  const address = lead?.(settings, own) || settings.storefront + "/" + location.pathname.replace(/^[\/\\]+/, "") + own();
  return /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(cart) && address.startsWith(settings.storefront + "/") ? address + (address.includes("?") ? "&" : "?") + name + "=" + cart : address;
})
