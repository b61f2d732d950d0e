// Runs first in the head of a guarded page and takes the shopper to the storefront: to the same path,
// or to where `lead` says. It is called with its settings as a JSON argument. Kept to what the minifier
// gets right: arrows, const, ternaries, && and ||.
((settings, lead) => {
  const base = settings.storefront, origin = new URL(base).origin, name = "stencil-guard";
  const { pathname: path, search: query, hash, origin: own } = location, page = document, { currentScript: me } = page;

  // The query without what else is to go, and without parameters that work once, or give access to a cart or
  // an account: those stay in this shop.
  const rest = goes => query.replace(/[?&][^&]*/g, pair => [...new URLSearchParams(pair).keys()].some(key => /^\S*( (data|orderToken)|\/cart\.php(\/\S*)? token|\/login\.php(\/\S*)? [ct])$/i.test(path + " " + key) || goes?.(key)) ? "" : pair).replace(/^&/, "?"),

  // Joined as text: resolving `//evil.com` against the base would leave the storefront.
  target = (lead?.(settings, rest) || base + "/" + path.replace(/^[\/\\]+/, "") + rest()) + hash,

  // Whether shoppers were here too often within a minute: on this path, or anywhere in this tab. Where
  // nothing can be stored, whoever comes from the storefront or this shop was here before.
  loops = () => {
    try {
      const now = Date.now(), arrivals = JSON.parse(sessionStorage[name] || "[]").filter(one => Math.abs(now - one[0]) < 6e4).concat([[now, path]]);
      sessionStorage[name] = JSON.stringify(arrivals);
      return arrivals.length > 12 || arrivals.filter(one => one[1] === path).length > 3;
    } catch {
      return [origin, own].some(start => page.referrer.startsWith(start + "/"));
    }
  },

  // Instead of moving, in a frame or when the storefront sends shoppers back. What follows of the
  // shop becomes text that nobody sees. Where the store forbids to write it, the parser is stopped,
  // and the link is perhaps not painted.
  notice = () => {
    // In the page's language: what the server wrote before this script.
    const link = me?.previousSibling?.content?.firstChild || page.createElement("a");
    link.href = target;
    try {
      const text = "<body><plaintext hidden>";
      page.write(self.trustedTypes ? trustedTypes.createPolicy(name, { createHTML: own => own }).createHTML(text) : text);
      page.body.prepend(link);
    } catch {
      stop();
      page.documentElement.replaceChildren(link);
    }
  },

  // Whether this is a frame of the theme editor: only what has this shop's origin can be read, and only staff
  // get to see what stands below that path.
  isEdited = () => {
    try {
      return self !== top && /^\/manage\//.test(parent.location.pathname);
    } catch {}
  };

  // A second net below the server's condition: the run-time paths of the hosted checkout, unless the script
  // is for all addresses, because a page is guarded that stands there, or the server says that nothing is there.
  origin === own || !settings.all && !me?.dataset.lost && /^\/((embedded-)?checkout|order-confirmation|(checkout|finishorder)\.php)(\/|$)/.test(path) || !settings.editor && isEdited() || (self !== top || loops() ? notice() : location.replace(target));
})
