//! Tags that a condition writes in two ways: each way is judged.

use super::{assert_heads, assert_pages};

#[test]
fn a_refresh_of_two_ways_proves_nothing_if_one_of_them_stays_in_the_shop() {
    let away = "https://shop.example.com/";
    assert_heads(
        &[
            &format!(
                "<meta http-equiv=refresh content=\"0;url={{{{#if x}}}}{away}{{{{else}}}}/{{{{/if}}}}\">"
            ),
            &format!(
                "<meta http-equiv=refresh content=\"0;url={{{{#if x}}}}/{{{{else}}}}{away}{{{{/if}}}}\">"
            ),
            &format!(
                "<meta http-equiv=refresh content=\"{{{{#if x}}}}0;url={away}{{{{else}}}}9;url={away}{{{{/if}}}}\">"
            ),
            &format!(
                "<meta http-equiv=refresh {{{{#if x}}}}content=\"0;url={away}\"{{{{else}}}}content=\"0;url=/\"{{{{/if}}}}>"
            ),
            &format!(
                "<meta {{{{#if x}}}}http-equiv=refresh{{{{else}}}}name=x{{{{/if}}}} content=\"0;url={away}\">"
            ),
            &format!(
                "<meta {{{{#if x}}}}name=x content=\"0;url={away}\"{{{{else}}}}content=\"0;url={away}\" http-equiv=refresh{{{{/if}}}}>"
            ),
        ],
        &[],
    );
}

#[test]
fn a_kept_page_is_judged_by_each_way_through_a_tag() {
    let go = "location.href = 'https://shop.example.com/x'";
    assert_pages(
        &[
            &format!(
                "<body {{{{#if x}}}}class=\"a\"{{{{else}}}}onload=\"{go}\"{{{{/if}}}}><p>PAY</p>"
            ),
            &format!(
                "<body {{{{#if x}}}}onload=\"{go}\"{{{{else}}}}class=\"a\"{{{{/if}}}}><p>PAY</p>"
            ),
            &format!("<body onload=\"{{{{#if x}}}}a{{{{else}}}}{go}{{{{/if}}}}\"><p>PAY</p>"),
            &format!("<body onload=\"{{{{#if x}}}}{go}{{{{else}}}}a{{{{/if}}}}\"><p>PAY</p>"),
            "<meta {{#if x}}name=x{{else}}http-equiv=refresh{{/if}} content=\"0;url=/\"><p>PAY</p>",
            "<meta http-equiv={{#if x}}x{{else}}refresh{{/if}} content=\"0;url=/\"><p>PAY</p>",
            "<meta http-equiv=refresh {{#if x}}name=x{{else}}content=\"0;url=/\"{{/if}}><p>PAY</p>",
        ],
        &[
            "<body class=\"{{#if x}}a{{else}}b{{/if}}\"><p>PAY</p>",
            "<body {{#if x}}class=\"a\"{{else}}id=\"b\"{{/if}}><p>PAY</p>",
            "<meta name=\"{{#if x}}a{{else}}b{{/if}}\" content=\"c\"><p>PAY</p>",
            "<meta name=\"a\" content=\"{{#if x}}b{{else}}c{{/if}}\"><p>PAY</p>",
        ],
    );
}
