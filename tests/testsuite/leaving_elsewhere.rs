//! Kept pages that lead to the storefront without naming it in the script that goes there: by the address that
//! relative ones begin with, by what scripts read or put together, and by script files.

use crate::leaving::{build, check, judged, theme};
use stencil_guard::pipeline::PageOutcome;
use stencil_guard::text::Code;

/// Pages without more; `BASE` stands for the storefront's address.
const BASES: &[&str] = &[
    "<base href=\"BASE/\"><script>location.href='cart'</script>PAY",
    "<base href='BASE'><script>function f(){location.replace('x')}</script>PAY",
    "<base href=//shop.example.com><a href=cart>x</a>PAY",
    "<base href=BASE><form action=cart><button>x</button></form>PAY",
    "<base target=_top><base href=BASE><script>open('x','_self')</script>PAY",
    "<Base target=_top HREF=BASE>PAY<script src='content/x.js'></script>",
    "<base href=\"{{theme_settings.store}}\"><script>location.replace('x')</script>PAY",
    "<base href=\"https://{{theme_settings.store}}/\"><script>location = 'x'</script>PAY",
    "<base href=\"{{x}}/\"><script>location = 'x'</script>PAY",
    "<base {{x}}><script>location = 'x'</script>PAY",
    "<base {{#if x}}href=BASE{{/if}}><script>location = 'x'</script>PAY",
    "{{#if theme_settings.x}}<base href=BASE>{{/if}}<script>location = 'x'</script>PAY",
    "<base href=\"{{concat 'https://shop.exam' 'ple.com'}}\"><script>location='x'</script>PAY",
    "<base href='https:/\\shop.example.com/'><script>location='x'</script>PAY",
    "<base href='https&colon;//shop.example.com'><script>location='x'</script>PAY",
    "<base href='/{{x}}'><script>location='x'</script>PAY",
    "{{> components/base to='BASE'}}<script>location='x'</script>PAY",
];

#[test]
fn a_kept_page_whose_relative_addresses_may_be_those_of_the_storefront_is_never_said_to_be_kept() {
    for page in BASES {
        let page = page.replace("BASE", "https://shop.example.com");
        let checked = check(&theme(&[
            ("templates/pages/checkout.html", &page),
            ("templates/components/base.html", "<base href='{{to}}'>"),
        ]));
        assert_eq!(checked.pages["pages/checkout"].outcome, PageOutcome::Uncertain, "{page}");
        let is_told = checked.findings.iter().any(|finding| finding.code == Code::CannotTell);
        assert!(is_told, "{page}");
    }
    let told = judged("<base href='https://shop.example.com'><script>location='x'</script>PAY");
    assert_eq!(told.0, PageOutcome::Uncertain);
}

/// What goes to a storefront of which only something else than the script says where it is.
const READ: &[&str] = &[
    "<script>location=document.body.dataset.to</script><body data-to='TO'>PAY",
    "<script>location='https://'+document.body.dataset.to</script><body data-to='shop.example.com'>PAY",
    "<script type=application/json id=c>{\"to\":\"TO\"}</script><script>location=JSON.parse(c.text).to</script>PAY",
    "<link rel=canonical href='TO'><script>location=document.querySelector('link').href</script>PAY",
    "<meta name=store content='TO'><script>location=document.querySelector('meta').content</script>PAY",
    "<input type=hidden id=c value='TO'><script>location=c.value</script>PAY",
    "{{> components/go to='TO'}}PAY",
    "{{> components/go to=(concat 'https://shop.' 'example.com')}}PAY",
    "{{> components/host host='shop.example.com'}}PAY",
    "{{inject 'to' 'TO'}}<script>location=JSON.parse({{jsContext}}).to</script>PAY",
    "{{assignVar 'to' 'TO'}}<script>location='{{getVar 'to'}}'</script>PAY",
    "{{#with 'TO'}}<script>location='{{this}}'</script>{{/with}}PAY",
    "<script>location='{{theme_settings.store}}'</script>PAY",
    "<script>location.href={{{json theme_settings.store}}}</script>PAY",
    "<script>var u='{{theme_settings.store}}';if(u)location.replace(u+location.pathname)</script>PAY",
    "<script>addEventListener('load',()=>{location='https://{{theme_settings.store}}/x'})</script>PAY",
    "<body onload=\"location='{{theme_settings.store}}'\">PAY",
    "<i hidden id=c>TO</i><script>location=c.textContent</script>PAY",
    "<textarea id=c>TO</textarea><script>addEventListener('load',()=>{location=c.value})</script>PAY",
    "<a id=c href='TO'>x</a><script>location.replace(document.links[0].href)</script>PAY",
    "<a href='TO'>x</a><script>location=$('a').attr('href')</script>PAY",
    "<a href='TO'>x</a><script>const {href}=document.links[0];location=href</script>PAY",
    "<a href='TO'>x</a><script>location=[...document.links].map(a=>a.href)[0]</script>PAY",
    "<a href='TO'>x</a><script>function f(e){location=e.href}f(document.links[0])</script>PAY",
    "<i id=c>shop.example.com</i><script>location='https://'+c.textContent</script>PAY",
    "<title>shop.example.com</title><script>location='//'+document.title</script>PAY",
    "<input id=c value='shop.example.com'><script>location='//'+c.value</script>PAY",
    "<a id=c href='TO'>x</a><script>document.getElementById('c').click()</script>PAY",
    "<a href='TO'><i id=c>x</i></a><script>var e=document.querySelector('#c');e.click()</script>PAY",
    "<a href='TO'>x</a><script>setTimeout(()=>{document.querySelector('a').click()},9)</script>PAY",
    "<a id=c href='TO'>x</a><script>c.dispatchEvent(new MouseEvent('click'))</script>PAY",
    "{{#if x}}<a href='TO'>{{/if}}<i id=c>x</i><script>document.getElementById('c').click()</script>PAY",
    "<form action='TO'></form><script>document.forms[0].submit()</script>PAY",
    "<form action='TO'><button id=c></button></form><script>c.click()</script>PAY",
    "<form><button id=c formaction='TO'></button></form><script>c.click()</script>PAY",
    "<form action='TO'></form><script>$('form').trigger('submit')</script>PAY",
    "<script type=text/later id=c>location='TO'</script><script>eval(c.text)</script>PAY",
    "<template><script>location='TO'</script></template><script>document.body.append(document.querySelector('template').content)</script>PAY",
    "<script src='TO.js'></script>PAY",
    "<script type=module>import 'TO.js'</script>PAY",
    "<script>var s=document.createElement('script');s.src='TO.js';document.head.append(s)</script>PAY",
];

#[test]
fn a_kept_page_that_goes_where_something_else_on_it_says_is_never_said_to_be_kept() {
    for page in READ {
        let page = page.replace("TO", "https://shop.example.com/x");
        let checked = check(&theme(&[
            ("templates/pages/checkout.html", &page),
            ("templates/components/go.html", "<script>location='{{to}}'</script>"),
            ("templates/components/host.html", "<script>location='https://{{host}}/x'</script>"),
        ]));
        assert_eq!(checked.pages["pages/checkout"].outcome, PageOutcome::Uncertain, "{page}");
    }
}

/// What a script makes the storefront's address of, and what stands before that.
const PUT_TOGETHER: &[(&str, &str)] = &[
    ("", "'https://'+['shop','example','com'].join('.')"),
    ("", "'https://shop'.concat('.example','.com')"),
    ("var sub='shop',dom='example.com';", "'https://'+sub+'.'+dom"),
    ("var c={sub:'shop',dom:'example.com'};", "'https://'+c.sub+'.'+c.dom"),
    ("var c={a:{'b':'shop.example.com'}};", "`https://${c.a['b']}/x`"),
    ("", "'https://'+'shop_example_com'.replace(/_/g,'.')"),
    ("", "decodeURIComponent('https%3A%2F%2Fshop%2Eexample%2Ecom')"),
    ("", "'https://shop.'+location.hostname.split('.')[1]+'.com'"),
    ("", "location.href.replace('checkout.','shop.')"),
    ("var p=['https://','shop','.example','.com'];", "p.join('')"),
    ("var p=[];p.push('https://shop');p.push('example');p.push('com');", "p.join('.')"),
    ("var u='https://';u+='shop';u+='.example.com';", "u"),
    ("function h(s){return 'https://'+s+'.example.com'}", "h('shop')"),
    ("var h={shop:'https://shop.'},x='example.com';", "h.shop+x"),
    ("", "'https://{s}.example.com'.replace('{s}','shop')"),
    ("", "'https://shop.{{x}}.com'"),
    ("", "'https://{{x}}.example.com'"),
    ("", "'https://shop{{x}}'"),
    ("var a='https://shop.|example.com'.split('|');", "a[0]+a[1]"),
    ("", "atob('aHR0cHM6Ly9zaG9wLmV4YW1wbGUuY29t')"),
    ("var c='aHR0cHM6Ly9zaG9wLmV4YW1wbGUuY29tLw';", "window.atob(c)"),
    ("function h(s){return s}", "h(atob('aHR0cHM6Ly9zaG9wLmV4YW1wbGUuY29t'))"),
    ("", "'moc.elpmaxe.pohs//:sptth'.split('').reverse().join('')"),
    ("", "[...'moc.elpmaxe.pohs//:sptth'].reverse().join('')"),
    ("", "'https://sho#.exam#le.com'.replace(/#/g,'p')"),
    ("", "'https://sho#.exam#le.com'.replaceAll('#','p')"),
    ("", "'https:'+String.fromCharCode(47,47,115,104,111,112)+'.example.com'"),
];

#[test]
fn a_script_that_may_put_the_storefronts_address_together_is_doubted() {
    for (before, address) in PUT_TOGETHER {
        for way in ["location=A", "addEventListener('load',()=>{top.location.href=A})"] {
            let script = format!("{before}{}", way.replace('A', address));
            let (outcome, _) = judged(&format!("<script>{script}</script>PAY"));
            assert_eq!(outcome, PageOutcome::Uncertain, "{script}");
        }
    }
    let parts = "location.hostname=['shop','example','com'].join('.')";
    assert_eq!(judged(&format!("<script>{parts}</script>PAY")).0, PageOutcome::Uncertain);
}

/// How a page comes to run `assets/js/x.js`.
const LOADED: &[&str] = &[
    "<script src=\"{{cdn 'assets/js/x.js'}}\"></script>",
    "<script src=\"{{cdn '/assets/js/x.js'}}\"></script>",
    "<script src=\"{{cdn '../assets/js/x.js'}}\"></script>",
    "<script src=\"{{cdn 'js/x.js?v=1'}}\" type=module></script>",
    "<script src=/assets/js/x.js></script>",
    "<script src={{cdn 'assets/js/x.js'}}></script>",
    "<script src=\"{{#if a}}{{cdn 'assets/js/y.js'}}{{else}}{{cdn 'assets/js/x.js'}}{{/if}}\"></script>",
    "<script>import('/assets/js/x.js')</script>",
    "<script>import('{{cdn \"assets/js/x.js\"}}')</script>",
    "<script type=module>import '/assets/js/x.js'</script>",
    "<link rel=modulepreload href=\"{{cdn 'assets/js/x.js'}}\">",
    "<script>var s=document.createElement('script');s.src='{{cdn \"assets/js/x.js\"}}'</script>",
    "<script>document.write('<script src=\"/assets/js/x.js\"></scr'+'ipt>')</script>",
    "<svg><script href='/assets/js/x.js'></script></svg>",
    "<script src=\"{{cdn 'assets/js/from.js'}}\" type=module></script>",
    "<script src=\"{{cdn 'assets/js/at.js'}}\" type=module></script>",
    "<script src=\"{{cdn 'assets/js/later.js'}}\"></script>",
    "{{> components/script file='assets/js/x.js'}}",
    "<script src=\"{{cdn (concat 'assets/js/' 'x.js')}}\"></script>",
    "<script src=\"{{cdn (concat 'assets/js/' theme_settings.file)}}\"></script>",
    "<script src=\"{{cdn theme_settings.file}}\"></script>",
    "{{#assignVar 'x'}}assets/js/x.js{{/assignVar}}<script src=\"{{cdn (getVar 'x')}}\"></script>",
];

#[test]
fn where_script_files_go_that_a_kept_page_loads_counts() {
    let judge = |page: &str, script: &str| {
        let page = format!("{page}PAY");
        let theme = theme(&[
            ("templates/pages/checkout.html", &page),
            ("templates/components/script.html", "<script src=\"{{cdn file}}\"></script>"),
            ("assets/js/x.js", script),
            ("assets/js/y.js", "x()"),
            ("assets/js/from.js", "import './x.js'"),
            ("assets/js/at.js", "import '/assets/js/x.js'"),
            ("assets/js/later.js", "$.getScript('/assets/js/x.js')"),
        ]);
        let of_check = check(&theme).pages["pages/checkout"].outcome;
        assert_eq!(build(&theme).pages["pages/checkout"], of_check, "{page}: {script}");
        of_check
    };
    for page in LOADED {
        let outcome = judge(page, "function f(){location='https://shop.example.com/x'}");
        assert_eq!(outcome, PageOutcome::Uncertain, "{page}");
        for script in ["location='/checkout'", "fetch('https://shop.example.com/api')"] {
            assert_eq!(judge(page, script), PageOutcome::Kept, "{page}: {script}");
        }
    }
    // Files of a whole shop name much, and go to much, that has nothing to do with each other.
    let file = "<script src=\"{{cdn 'assets/js/x.js'}}\"></script>";
    let apart = "fetch('https://shop.example.com/api'); function go(to) { location = to }";
    assert_eq!(judge(file, apart), PageOutcome::Kept);
    // A link to the storefront is one, whatever scripts do with others.
    let linked = format!("<a href='https://shop.example.com/'>x</a>{file}");
    assert_eq!(judge(&linked, "function f(u){location=u};f('/checkout')"), PageOutcome::Kept);
    assert_eq!(judge("", "location='https://shop.example.com'"), PageOutcome::Kept);
}

/// Pages that print a text of a language file, or a setting.
const PRINTED: &[&str] = &[
    "{{{lang 'a.b'}}}PAY",
    "{{{lang (concat 'a.' x)}}}PAY",
    "{{{theme_settings.text}}}PAY",
    "{{> components/text}}PAY",
];

#[test]
fn pages_that_print_a_text_that_leads_to_the_storefront_are_doubted() {
    for page in PRINTED {
        for text in [
            "<script>location='https://shop.example.com'</script>",
            "<meta http-equiv=refresh content='0;url=https://shop.example.com'>",
            "<img src=x onerror=location='https://shop.example.com'>",
        ] {
            assert_eq!(with_text(page, text), PageOutcome::Uncertain, "{page}: {text}");
        }
        for text in ["<a href='https://shop.example.com'>x</a>", "<b>shop.example.com</b>", "x.y"] {
            assert_eq!(with_text(page, text), PageOutcome::Kept, "{page}: {text}");
        }
    }
}

#[test]
fn scripts_that_go_where_a_printed_text_says_are_doubted() {
    for page in [
        "<script>location=\"{{lang 'a.b'}}\"</script>PAY",
        "{{inject 'to' (lang 'a.b')}}<script>location=JSON.parse({{jsContext}}).to</script>PAY",
        "{{inject 'to' theme_settings.text}}<script>location=JSON.parse({{jsContext}}).to</script>PAY",
        "{{inject 'all' theme_settings}}<script>location=JSON.parse({{jsContext}}).all.text</script>PAY",
    ] {
        assert_eq!(with_text(page, "https://shop.example.com"), PageOutcome::Uncertain, "{page}");
        assert_eq!(with_text(page, "https://other.example.com"), PageOutcome::Kept, "{page}");
    }
    let unread = "{{lang 'a.c'}}<script>f=()=>{location=x}</script>PAY";
    assert_eq!(with_text(unread, "x"), PageOutcome::Kept);
}

/// What becomes of a checkout in a theme where a text of the language file and a setting are this text.
fn with_text(page: &str, text: &str) -> PageOutcome {
    let language = serde_json::json!({ "a": { "b": text, "c": "x" } }).to_string();
    let settings = serde_json::json!({ "text": text });
    let config = serde_json::json!({ "name": "Mini", "version": "1.0.0", "settings": settings });
    let theme = theme(&[
        ("templates/pages/checkout.html", page),
        ("templates/components/text.html", "{{{lang 'a.b'}}}"),
        ("lang/en.json", &language),
        ("config.json", &config.to_string()),
    ]);
    check(&theme).pages["pages/checkout"].outcome
}

#[test]
fn bundles_that_differ_from_their_sources_are_read() {
    let judge = |bundle: &str| {
        let theme = theme(&[
            (
                "templates/pages/checkout.html",
                "<script src=\"{{cdn 'assets/dist/theme-bundle.main.js'}}\"></script>PAY",
            ),
            ("assets/js/app.js", "x()"),
            ("assets/dist/theme-bundle.main.js", bundle),
        ]);
        check(&theme).pages["pages/checkout"].outcome
    };
    for bundle in [
        "!function(){location.href=\"https://shop.example.com/\"}()",
        "(()=>{window.location.replace('https://shop.example.com')})()",
        "open(`//shop.example.com/x`,'_self')",
    ] {
        assert_eq!(judge(bundle), PageOutcome::Uncertain, "{bundle}");
    }
    for bundle in ["fetch('https://shop.example.com/api')", "location.href='/checkout'"] {
        assert_eq!(judge(bundle), PageOutcome::Kept, "{bundle}");
    }
}

#[test]
fn what_says_where_the_storefront_is_leads_nobody_there() {
    for page in [
        "<base href='/'><a href=x>y</a><script>location.href='/checkout'</script>PAY",
        "<base href=\"{{settings.secure_base_url}}/\"><script>location.href='/checkout'</script>PAY",
        "<base href=\"{{urls.home}}\"><script>location.href='/checkout'</script>PAY",
        "<base target=_blank><a href='https://shop.example.com/'>x</a>PAY",
        "<base href='https://cdn.example/'><script>location='x'</script>PAY",
        "<template><base href='https://shop.example.com'></template><script>location='x'</script>PAY",
        "<p data-to='https://shop.example.com'>PAY</p><script>location='/checkout'</script>",
        "<link rel=preconnect href='https://shop.example.com'>PAY",
        "<form action='https://shop.example.com/search'><button>PAY</button></form>",
        "<script>document.querySelectorAll('a.logo').forEach(a=>a.href='https://shop.example.com/')</script>PAY",
        "<a href='https://shop.example.com/'>x</a><script>document.querySelector('#pay').click()</script>PAY",
        "<form action='https://shop.example.com/find'></form><script>function go(to){location=to}</script>PAY",
        "<a href='https://shop.example.com/'>x</a><script>$('a').trigger('click')</script>PAY",
        "<a href='https://shop.example.com/'>x</a><script>$('.tab').first().click()</script>PAY",
        "<a href='https://shop.example.com/'>x</a><script>function f(e){location=e.value}</script>PAY",
        "<p>See https://shop.example.com/</p><script>s.onchange=()=>{location=s.value}</script>PAY",
        "<script type=text/later>location='https://shop.example.com'</script><script>x()</script>PAY",
        "<a href='https://shop.example.com/'>x</a><i id=c>y</i><script>document.getElementById('c').click()</script>PAY",
        "<template><a href='https://shop.example.com/'>x</a></template><script>$('a').click()</script>PAY",
        "<script src='https://www.googletagmanager.com/gtm.js'></script>PAY",
        "<script>var d={shop:'x',example:1};location='/checkout'</script>PAY",
        "<script>var c={to:'/checkout'};location=c.to</script>PAY",
        "<script>var x='{{theme_settings.x}}';location='/checkout?'+x</script>PAY",
        "{{> components/none text='Visit shop.example.com'}}PAY",
    ] {
        let checked = check(&theme(&[
            ("templates/pages/checkout.html", page),
            ("templates/components/none.html", "{{text}}"),
        ]));
        assert_eq!(checked.pages["pages/checkout"].outcome, PageOutcome::Kept, "{page}");
    }
}
