// Where a shopper of a guarded page belongs by the rules about paths, without the fragment; nothing if
// none fits. It is an argument of redirect.js, and only there if there are rules. `src/guard/paths` does
// the same, in Rust; a test compares them. Kept to what the minifier gets right.
((settings, rest) => {
  const path = location.pathname.replace(/\/+/g, "/");
  const parameters = new URLSearchParams(location.search);
  // The last one counts, as it does for the platform.
  const parameter = name => parameters.getAll(name).pop();
  const page = (document.currentScript || {}).dataset || {};
  const pieces = text => text.split("/").filter(piece => piece);
  const own = pieces(path);
  const isLocale = /^[a-z]{2}([-_][a-z]{2})?$/i.test(own[0]);

  // What follows the pattern of a rule in a path, or false if it does not fit.
  const after = (pattern, path) => {
    const wanted = pieces(pattern);
    const isOpen = wanted[wanted.length - 1] === "*" && wanted.pop();
    const fits = (piece, at) => piece === path[at].toLowerCase() || piece[0] === "*" && path[at].toLowerCase().endsWith(piece.slice(1));
    return (isOpen ? path.length >= wanted.length : path.length === wanted.length) && wanted.every(fits) && path.slice(wanted.length);
  };

  // A rule that fits, with the tail of the path and the language before it.
  const fit = rule => {
    const from = (rule.from || "/*").split("?");
    const conditions = [...new URLSearchParams(from[1])];
    const tail = after(from[0], own);
    const behind = !tail && isLocale && after(from[0], own.slice(1));
    return (!rule.page || rule.page.includes(page.page))
      && conditions.every(one => one[1] === "*" ? parameters.has(one[0]) : parameter(one[0]) === one[1])
      && (tail || behind)
      && { rule, conditions, tail: tail || behind, locale: tail ? "" : "/" + own[0] };
  };

  const value = (name, kind, found) =>
    name === "path" ? path
    : name === "tail" ? found.tail.join(kind === "ids" ? "," : "/")
    : name === "last" ? own[own.length - 1]
    : name === "product.id" ? page.product
    : encodeURIComponent(parameter(name) || "");
  const forms = { "": /^(?!\.\.?$)./, int: /^\d+$/, ids: /^\d+(,\d+)*$/ };
  // A part of a target with its values; "{}" stands for one that is missing or wrong.
  const filled = (part, found, inQuery) => part.replace(/\{([^:}]+):?(\w*)\}/g, (all, name, kind) => {
    const text = value(name, kind, found);
    return forms[kind].test(text || "") ? inQuery ? text.replace(/[&+]/g, encodeURIComponent) : text : "{}";
  });
  const isWhole = part => !part.includes("{}");

  // The address that a target stands for: what is missing ends its path and is left out of its query.
  const address = (target, found) => {
    const halves = target.split("?");
    const parts = halves[0].split("/").map(part => filled(part, found));
    const end = parts.findIndex(part => !isWhole(part));
    const way = (end < 0 ? parts : parts.slice(0, end).concat(halves[0].endsWith("/") ? [""] : [])).join("/");
    const pairs = halves[1] ? halves[1].split("&").map(part => filled(part, found, 1)) : [];
    const used = found.conditions.map(one => one[0]).concat("action", [...target.matchAll(/\{([^:}]+)/g)].map(one => one[1]));
    const isMarketing = name => /^(utm_|gclid|gbraid|wbraid|gad_|fbclid|msclkid|ttclid|twclid|mc_cid|mc_eid|srsltid)/.test(name);
    const kept = rest(name => used.includes(name) || found.rule.query === "marketing" && !isMarketing(name));
    const query = pairs.filter(isWhole).concat(kept ? [kept.slice(1)] : []).join("&");
    const isLacking = end >= 0 || !pairs.every(isWhole);
    return isLacking && found.rule.fallback && target !== found.rule.fallback
      ? address(found.rule.fallback, found)
      : (/^https?:/.test(way) ? "" : settings.storefront + found.locale) + way + (query ? "?" + query : "");
  };

  const found = settings.paths.map(fit).find(one => one);
  return found && address(found.rule.to, found);
})
