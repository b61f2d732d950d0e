use super::*;

/// Returns the ways of a script: kind, timing, and where each leads.
fn ways(script: &str) -> Vec<String> {
    let of_way = |way: Way| {
        let targets: Vec<String> = way.targets.iter().map(Value::for_people).collect();
        format!("{:?} {:?} {}", way.kind, way.timing, targets.join(" or "))
    };
    read(&Code::with_holes(script, '\0')).ways.into_iter().map(of_way).collect()
}

#[test]
fn navigation_is_found_however_it_is_written() {
    for (script, expected) in [
        ("location = '/x'", "Leaves AtOnce /x"),
        ("window.location.href = \"/x\"", "Leaves AtOnce /x"),
        ("location['href'] = '/x'", "Leaves AtOnce /x"),
        ("location['hr' + 'ef'] = '/x'", "Leaves AtOnce /x"),
        ("window['location'].href = '/x'", "Leaves AtOnce /x"),
        ("location?.replace('/x')", "Leaves AtOnce /x"),
        ("window?.location?.assign?.('/x')", "Leaves AtOnce /x"),
        ("(location).replace(('/x'))", "Leaves AtOnce /x"),
        ("document.location.pathname = '/x'", "Leaves AtOnce /x"),
        ("top.location.search = 'a'", "Leaves AtOnce "),
        ("location[key] = '/x'", "Leaves AtOnce "),
        ("location ||= '/x'", "Leaves AtOnce /x"),
        ("var location = '/x'", "Leaves AtOnce /x"),
        ("location.replace.call(location, '/x')", "Unseen AtOnce "),
        ("setTimeout(location.assign.bind(location, '/x'))", "Unseen AtOnce "),
        ("Object.assign(location, { href: '/x' })", "Unseen AtOnce "),
        ("Reflect.set(location, 'href', '/x')", "Unseen AtOnce "),
        ("with (location) href = '/x'", "Unseen AtOnce "),
        ("[location.href] = ['/x']", "Leaves AtOnce "),
        ("for (location.href of ['/x']);", "Leaves AtOnce …"),
        ("var l = window.location; l.href = '/x'", "Leaves AtOnce /x"),
        ("const { location: l } = window; l.assign('/x')", "Leaves AtOnce /x"),
        ("const l = x || location; l.replace('/x')", "Leaves AtOnce /x"),
        ("window.open('/x', '_self')", "Leaves AtOnce /x"),
        ("open('/x')", "Opens AtOnce /x"),
        ("navigation.navigate('/x')", "Leaves AtOnce /x"),
        ("form.submit()", "Clicks AtOnce "),
        ("document.querySelector('a').click()", "Clicks AtOnce "),
        ("document.querySelector('#a b').click()", "Clicks AtOnce "),
        ("document.querySelector('#a').click()", "Clicks AtOnce a"),
        ("var e = document.getElementById('a'); e.click()", "Clicks AtOnce a"),
        ("e.dispatchEvent(new MouseEvent('click'))", "Clicks AtOnce "),
        ("$('form').trigger('submit')", "Clicks AtOnce "),
        ("$('a').click()", "Unseen AtOnce "),
        ("eval(x)", "Unseen AtOnce "),
        ("new Function(x)()", "Unseen AtOnce "),
        ("setTimeout(\"location='/x'\", 9)", "Unseen AtOnce "),
        ("document.write('<meta http-equiv=refresh content=0>')", "Unseen AtOnce "),
        ("if (1) /\"/.test('\"') && location.replace('/x')", "Leaves AtOnce /x"),
        ("<!-- it's\nlocation.replace('/x')\n//-->", "Leaves AtOnce /x"),
        ("if (1) { x = 1 }\n(function () { location = '/x' })()", "Leaves AtOnce /x"),
        ("a = b / c; location = '/x'; d = e / f", "Leaves AtOnce /x"),
        ("x = `${location = '/x'}`", "Leaves AtOnce /x"),
    ] {
        let found = ways(script);
        assert!(found.iter().any(|way| way == expected), "{script}: {found:?}");
    }
}

#[test]
fn code_that_only_resembles_navigation_is_ignored() {
    for script in [
        "if (location.href == '/x') y(location.search)",
        "// location.replace('/x')",
        "/* location = '/x' */",
        "var text = \"location.replace('/x')\"",
        "var re = /location.replace('x')/",
        "location.reload()",
        "location.hash = 'x'",
        "new URL(location)",
        "String(location)",
        "var url = location.href; url.replace('/x', '')",
        "var l = location; l.search.replace('a', 'b')",
        "function f(location) { location.href = '/x' }",
        "function f() { const location = { href: 1 }; location.href = '/x' }",
        "request.open('GET', '/x')",
        "function f(open) { open('/x') }",
        "var { pathname } = location",
        "var allocation = 1; relocation.href = 1",
        "`${location}`",
        "typeof location",
        "var o = { location: 1 }",
    ] {
        assert_eq!(ways(script), [""; 0], "{script}");
    }
}

#[test]
fn addresses_are_computed_from_known_parts() {
    for (value, expected) in [
        ("'/a' + '/b'", "/a/b"),
        ("`/a/${id}`", "/a/…"),
        ("'/a?x=' + encodeURIComponent(y)", "/a?x=…"),
        ("url", "…"),
        ("base + '/a'", "/s/a"),
        ("x ? '/a' : '/b'", "/a or /b"),
        ("x || '/a'", "… or /a"),
        ("'\\x2fa\\u002fb\\/c'", "/a/b/c"),
        ("'\0/a'", "…/a"),
        ("['/a', 'b'].join('/')", "/a/b"),
        ("'/a'.concat('/b')", "/a/b"),
        ("location.protocol + '//' + location.host + '/a'", "/a"),
        ("'https://' + location.hostname + '/a'", "/a"),
        ("location.origin + '/a'", "/a"),
        ("window.location.pathname + '?a=b'", "?a=b"),
        ("location.href + '#a'", "#a"),
        ("String('/a')", "/a"),
        ("(0, '/a')", "/a"),
        ("atob('L2E')", "/a"),
        ("window.atob(' L2E= ')", "/a"),
        ("atob('?')", "…"),
        ("atob(x)", "…"),
        ("decodeURIComponent('%2Fa')", "/a"),
        ("String.fromCharCode(47, 0x61)", "/a"),
        ("'a/'.split('').reverse().join('')", "/a"),
        ("[...'a/'].reverse().join('')", "/a"),
        ("'/ba'.replace('b', '')", "/a"),
        ("'#a#'.replace(/#/g, '/')", "/a/"),
        ("'#a#'.replace('#', '/')", "/a#"),
        ("'#a#'.replaceAll('#', '/')", "/a/"),
        ("'/a'.replace(/[a]/g, 'b')", "…"),
    ] {
        let script = format!("var base = '/s'; location.href = {value}");
        assert_eq!(ways(&script), [format!("Leaves AtOnce {expected}")], "{value}");
    }
}

#[test]
fn timing_of_navigation_depends_on_enclosing_functions() {
    for (script, expected) in [
        ("(() => { GO })()", "AtOnce"),
        ("!function () { GO }()", "AtOnce"),
        ("(function () { GO }).call(this)", "AtOnce"),
        ("const go = () => { GO }; go()", "Perhaps"),
        ("var go = function () { GO }; go()", "Perhaps"),
        ("function go() { GO } window.onload = go", "Perhaps"),
        ("var app = { init: function () { GO } }; app.init()", "Perhaps"),
        ("var app = { init() { GO } }; app.init()", "Perhaps"),
        ("fetch(x).then(f).finally(() => { GO })", "Perhaps"),
        ("window.onload = () => { GO }", "Perhaps"),
        ("addEventListener('load', () => { GO })", "Perhaps"),
        ("$(function () { GO })", "Perhaps"),
        ("new Promise(() => { GO })", "Perhaps"),
        ("list.forEach(() => { GO })", "Perhaps"),
        ("class A { constructor() { GO } } new A()", "Perhaps"),
        ("function go() { GO }", "Waits"),
        ("button.onclick = () => { GO }", "Waits"),
        ("addEventListener('click', () => { GO })", "Waits"),
        ("$('a').on('click.x', function () { GO })", "Waits"),
        ("$('a').click(() => { GO })", "Waits"),
        ("$(function () { $('a').click(function () { GO }) })", "Waits"),
        ("$('select').change(() => { GO })", "Waits"),
    ] {
        let script = script.replace("GO", "location = '/x'");
        assert_eq!(ways(&script), [format!("Leaves {expected} /x")], "{script}");
    }
}

#[test]
fn scripts_that_only_store_data_are_inert() {
    let is_inert = |script: &str| read(&Code::with_holes(script, '\0')).is_inert;
    for script in [
        "",
        "// nothing",
        "var dataLayer = [];",
        "window.dataLayer = window.dataLayer || []",
        "window.dataLayer = window.dataLayer || [];\nfunction gtag() { dataLayer.push(arguments); }\ngtag('js', new Date()); gtag('config', 'G-1')",
        "dataLayer.push({ page: '\0', n: [1, true, null] })",
        "var BCData = { a: 'x' }",
        "var _gaq = _gaq || []; ",
        "document.documentElement.className = 'js'",
        "document.documentElement.className += ' js'",
        "document.documentElement.classList.replace('no-js', 'js')",
        "'use strict'",
    ] {
        assert!(is_inert(script), "{script}");
    }
    for script in [
        "window.URL = function () { return location }",
        "history.replaceState(null, '', '/checkout')",
        "navigation.addEventListener('navigate', e => e.preventDefault())",
        "var URLSearchParams = 1",
        "const location = {}",
        "class Date {}",
        "function String() {}",
        "Array.prototype.map = x",
        "Object.defineProperty(window, 'top', {})",
        "sessionStorage.clear()",
        "dataLayer.push(x())",
        "gtag('js', evil())",
        "function gtag() { window.URL = 1 } gtag()",
        "window._x = (window.URL = 1)",
        "dataLayer.push({ get a() { return 1 } })",
        "document.write('<plaintext>')",
        "window.stop()",
        "throw 1",
        "debugger",
        "import './x'",
        "window['URL'] = 1",
        "dataLayer = {",
        "\0",
        "x",
    ] {
        assert!(!is_inert(script), "{script}");
    }
}

#[test]
fn deeply_nested_or_broken_scripts_do_not_stop_the_reader() {
    let pieces = [
        "(",
        "[",
        "{",
        "!",
        "a=>",
        "a?b:",
        "`${",
        "new ",
        "if(a)",
        "a.",
        "a+",
        "'",
        "/*",
        "<!--",
        "location=",
        "function(){",
        "else ",
        "<a>",
        "\u{0}",
        "async ",
        "}",
        "location.",
        "é",
        "}{(",
        "(a=",
        "location+",
        "x=",
        "var x=x+x;",
        "x(location,",
        "((x)=>",
    ];
    for piece in pieces {
        let script = piece.repeat(2_000);
        let reading = read(&Code::with_holes(&script, '\0'));
        assert!(!reading.is_inert || piece == "<!--", "{piece}");
    }
}

#[test]
fn unparsable_scripts_may_go_anywhere() {
    let script = "if (x { location.href = 'https://a.example' ";
    let reading = read(&Code::with_holes(script, '\0'));
    assert!(!reading.is_whole && reading.ways.iter().any(|way| way.kind == WayKind::Unseen));
    assert!(reading.texts.iter().any(|text| text.contains("a.example")));
}

#[test]
fn spans_map_back_to_the_template() {
    let source = "<script>a = 'é{{x}}'; {{#if y}} location {{/if}} = '{{urls.home}}'</script>";
    let template = crate::syntax::parse(source.as_bytes());
    let markup = crate::syntax::html::markup(source.as_bytes(), &template);
    let pieces: Vec<_> = markup.scripts.iter().map(|script| script.span).collect();
    let code = Code::in_template(source.as_bytes(), &pieces);
    let ways = read(&code).ways;
    assert_eq!(ways.len(), 1, "{code:?} {ways:?}");
    let way = &ways[0];
    assert_eq!(&source[code.origin(way.span.start)..code.origin(way.span.end)], "location");
    assert_eq!(way.targets[0].as_link(), "{{urls.home}}");
}
