// Runs first in the head of a guarded page and takes the shopper to the same path on the
// storefront. It is called with its settings as a JSON argument. Kept to what the minifier gets
// right: arrows, const, ternaries, && and ||.
(settings => {
  const base = settings.storefront;
  const path = location.pathname;
  // A second net below the server's condition: the run-time paths of the hosted checkout.
  const checkout = /^\/((embedded-)?checkout|order-confirmation|(checkout|finishorder)\.php)(\/|$)/;

  // Parameters that work once, or give access to a cart or an account, stay in this shop.
  const query = location.search;
  const secrets = ["data", "orderToken"].concat(
    /\/cart\.php(\/|$)/i.test(path) ? ["token"] : [],
    /\/login\.php(\/|$)/i.test(path) && new URLSearchParams(query).getAll("action").includes("change_password") ? ["c", "t"] : []
  );
  const secret = pair => [...new URLSearchParams(pair).keys()].some(name => secrets.includes(name));
  const kept = query.replace(/[?&][^&]*/g, pair => secret(pair) ? "" : pair).replace(/^&/, "?");

  // Joined as text: resolving `//evil.com` against the base would leave the storefront.
  const target = base + "/" + path.replace(/^[\/\\]+/, "") + kept + location.hash;

  // Arrivals on this path in this tab within a minute; a storage that throws counts nothing.
  const arrivals = () => {
    try {
      const key = "stencil-guard:" + path;
      const now = Date.now();
      const times = (sessionStorage.getItem(key) || "").split(" ").filter(time => Math.abs(now - time) < 6e4).concat(now);
      sessionStorage.setItem(key, times.join(" "));
      return times.length;
    } catch (error) {
      return 0;
    }
  };

  // Instead of moving, in a frame or when the storefront sends shoppers back. What follows of the
  // shop becomes text that nobody sees; a parser that is stopped before the body paints nothing.
  const notice = () => {
    const page = document;
    const link = page.createElement("a");
    link.href = target;
    link.target = "_top";
    link.append("Continue to the store");
    page.write("<body><plaintext hidden>");
    page.body.prepend(link);
  };

  new URL(base).origin === location.origin || checkout.test(path) || (self !== top || arrivals() > 3 ? notice() : location.replace(target));
})
