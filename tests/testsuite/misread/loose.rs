//! Kept pages with something unknown in a token: what follows may be text, or what leads away.

use super::assert_pages;

/// Pages that lead away if the bar prints nothing.
const LEAVING: &[&str] = &[
    "<|meta name='<meta name='><script>GO</script>",
    "<|meta name='<p title='><script>GO</script>",
    "<|meta name='<meta name='><meta http-equiv=refresh content=0;url=/cart.php>",
    "<|meta http-equiv=refresh content='0;url=/cart.php'>",
    "<me|ta http-equiv=refresh content='0;url=/cart.php'>",
    "<me|ta {{!}}http-eq{{!}}uiv=refresh content='0;url=/cart.php'>",
    "<|me{{!}}ta http-eq{{!}}uiv=refresh content='0;url=/cart.php'>",
    "<scr|ipt>GO</script>",
    "<|script>GO</script>",
    "<|script>loc{{!}}ation{{!}}.href = 'https://shop.example.com'</script>",
    "<|script>if (1<b) {GO}</script>",
    "<|title><script></title><script>GO</script>",
    "<|title><style></title><script>GO</script>",
    "<|!-- <title> --><script>GO</script>",
    "<|textarea><p title='</textarea><script>GO</script>",
    "<template></tem|plate><meta http-equiv=refresh content='0;url=/cart.php'>",
    "<template></tem|plate><script>GO</script>",
    "<|p title='<!--'><script>GO</script>",
    "<|p title='<template>'><script>GO</script>",
    "<bo|dy onload=\"GO\">",
    "<|body onload=\"GO\">",
    "<script></scr|ipt><script>GO</script>",
    "<title></ti|tle><meta http-equiv=refresh content='0;url=/cart.php'>",
    "<!-- -|-><script>GO</script>",
    "<|script>Object.assign(location, { href: 'https://shop.example.com' })</script>",
    "<|script>document.forms[0].action = 'https://shop.example.com'; document.forms[0].submit()</script>",
];

#[test]
fn what_follows_a_doubtful_token_is_looked_at_for_what_leads_away() {
    for unknown in ["{{concat x}}", "{{x}}", "{{{x}}}", "{{#if x}}y{{/if}}", "{{> (lookup . 'x')}}"]
    {
        let leaving = LEAVING.iter().map(|text| {
            let text = text
                .replace('|', unknown)
                .replace("GO", "location.href = 'https://shop.example.com/x'");
            format!("{text}<p>PAY</p>")
        });
        let leaving: Vec<String> = leaving.collect();
        assert_pages(&leaving.iter().map(String::as_str).collect::<Vec<_>>(), &[]);
    }
}

#[test]
fn words_of_people_behind_a_doubtful_token_are_no_reason_to_doubt() {
    assert_pages(
        &[],
        &[
            "<h{{level}}>Our location.</h{{level}}><p>Locations: open</p>",
            "<{{tag}} class=\"x\">Choose a location (below)</{{tag}}><a href=\"/locations\">Location</a>",
            "<p title=\"{{{x}}}\">Pick-up location, navigation, refresh</p>",
            "<p title=\"{{{x}}}\"><a href=\"#\" data-location=\"x\" class=\"location\">Refresh</a>",
            "<p title=\"{{{x}}}\"><script>if (location.hash) { x() }</script>PAY",
        ],
    );
}
