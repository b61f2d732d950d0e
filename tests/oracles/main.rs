//! Tests against the real engine and a real browser; each kind is listed as ignored where its tools are not installed.
//!
//! `STENCIL_GUARD_REQUIRE` (a comma list, such as `engine`) turns what is missing into a failure.

mod browser;
mod dispatch;
mod engine;
mod generator;
mod node;
mod parse;
mod script;
mod shapes;

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = libtest_mimic::Arguments::from_args();
    let mut trials = engine::trials();
    trials.extend(dispatch::trials());
    trials.extend(parse::trials());
    trials.extend(script::trials());
    trials.extend(browser::trials());
    libtest_mimic::run(&arguments, trials).exit_code()
}
