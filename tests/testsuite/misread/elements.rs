//! Elements in which markup is text, or does nothing, and tags and scripts of great length.

use super::{assert_heads, assert_pages};

const POLICY: &str = "http-equiv=\"content-security-policy\" content=\"script-src 'none'\"";

#[test]
fn a_guard_behind_a_tag_or_script_of_great_length_proves_nothing() {
    let long = "x".repeat(1 << 18);
    let words = "x ".repeat(1 << 17);
    for tag in [
        format!("<meta {POLICY} data-x=\"{long}\">@"),
        format!("<meta data-x=\"{long}\" {POLICY}>@"),
        format!("<meta {words} {POLICY}>@"),
        format!("<meta data-x=\"{long}{{{{x}}}}{long}\" {POLICY}>@"),
        format!("<html data-x='{long}'>@"),
        format!("<script>var a = '{long}'; {words}</script>@"),
        format!("<script>var a = '{long}'</script>@"),
        format!("<script>/*{words}*/ top.x = 1</script>@"),
        format!("<script type=text/template><!--{long}<script></script>@--></script>"),
    ] {
        assert_heads(&[&tag], &[]);
    }
    let shorter = "x".repeat(1 << 15);
    assert_heads(
        &[],
        &[
            &format!("<html data-x='{shorter}'>@"),
            &format!("<!-- {long} -->@"),
            &format!("<title>{long}</title>@"),
            &format!("@<script>{words}</script>"),
            &format!("<style>{long}</style>@"),
        ],
    );
}

#[test]
fn a_kept_page_with_a_script_of_great_length_is_not_said_to_be_kept() {
    let long = "x".repeat(1 << 18);
    let go = "location.href = 'https://shop.example.com/x'";
    assert_pages(
        &[
            &format!("<script>var a = '{long}'; {go}</script><p>PAY</p>"),
            &format!("<script>{go}; var a = '{long}'</script><p>PAY</p>"),
            &format!("<body data-x=\"{long}\" onload=\"{go}\"><p>PAY</p>"),
            &format!("<body onload=\"{go}\" data-x=\"{long}\"><p>PAY</p>"),
        ],
        &[
            &format!("<script type=application/json>\"{long}\"</script><p>PAY</p>"),
            &format!("<p>{long}</p><!-- {long} --><style>{long}</style>"),
        ],
    );
}

#[test]
fn a_guard_in_a_template_element_does_nothing() {
    assert_heads(
        &[
            "<template>@</template>",
            "<template><script></template></script>@</template>",
            "<template><style></template></style>@</template>",
            "<template><title></template></title>@</template>",
            "<template><!-- </template> -->@</template>",
            "<template><p data-x=\"</template>\">@</template>",
            "<template><template></template>@</template>",
            "<template><TEMPLATE ></template >@</template>",
            "<template><textarea></template></textarea>@</template>",
            "<template><noscript></template></noscript>@</template>",
            "<template><xmp></template></xmp>@</template>",
            "<template></templates>@</template>",
            "<template><!doctype x </template>@</template>",
            "<template><svg></template>@</template>",
            "<template><svg></svg>@</template>",
            "<template><svg><template></svg></template>@",
            "<template><svg><template></template></svg>@</template>",
            "<svg><template>@</template></svg>",
            "<template shadowrootmode=open><p>x</p></template>@",
            "<template {{x}}>@</template>",
            "<template><script src=x></template></script>@",
            "<template/>@",
            "{{#if customer}}<template>{{/if}}@",
        ],
        &[
            "<template><p>x</p></template>@",
            "<template><template></template></template>@",
            "<template><svg><path/></svg></template>@",
            "<template><script>x()</script></template>@",
            "<template><meta http-equiv=\"content-security-policy\" content=x></template>@",
            "<template><script></template></script></template>@",
            "<template><!-- </template> --></template>@",
            "</template>@",
            "<template>{{x}}</template>@",
            "<template><script src=/x.js></script></template>@",
            "@<template>",
        ],
    );
}

#[test]
fn a_script_of_a_kept_page_is_found_wherever_it_runs() {
    let go = "<script>location.href = 'https://shop.example.com/x'</script>";
    for page in [
        "<template><script></template></script></template>@",
        "<template><!-- </template> --></template>@",
        "<template></template>@",
        "<svg><template>@</template></svg>",
        "<div><template shadowrootmode=open>@</template></div>",
        "<svg><template></svg>@",
        "<template><svg></svg></template>@",
        "<textarea><!--</textarea>@-->",
        "<iframe><!--</iframe>@-->",
        "<xmp><p title=\"</xmp>@\">",
        "<noembed><title></noembed>@</title>",
        "<noframes><script></noframes>@</script>",
        "<svg><style>@</style></svg>",
        "<svg><title>@</title></svg>",
        "<svg><noscript>@</noscript></svg>",
        "<math><style>@</style></math>",
        "<svg><![CDATA[ > <!-- ]]>@-->",
        "<select><style>@</style></select>",
        "<svg><p></p><style>@</style></svg>",
        "<script><!-- <script></script>@",
        "<script><!-- <script> </script> --></script>@",
        "<svg><plaintext>@",
        "<svg><title/>@</svg>",
        "<svg><style/>@</svg>",
        "<svg><p></p><title/><!-- </title>@ -->",
    ] {
        let page = format!("{}<p>PAY</p>", page.replace('@', go));
        assert_pages(&[&page], &[]);
    }
    for page in [
        "<template>@</template>",
        "<template><svg>@</svg>@</template>",
        "<template><template></template>@</template>",
        "<textarea>@</textarea>",
        "<iframe>@</iframe>",
        "<xmp>@</xmp>",
        "<template><style></template></style>@</template>",
        "<svg><title>Logo</title><style><![CDATA[ a > b ]]></style></svg>",
        "<svg><title/><style/><script/><!-- @ --></svg>",
        "<svg><path/></svg><style>a{}</style><title>x</title>",
        "<select><option>1</select><noscript><p>x</p></noscript>",
    ] {
        let page = format!("{}<p>PAY</p>", page.replace('@', go));
        assert_pages(&[], &[&page]);
    }
}
