//! Tests against the real engine, the official bundler and a real browser; what is not installed is
//! listed as ignored.
//!
//! `STENCIL_GUARD_REQUIRE` (a comma list, such as `engine`) turns what is missing into a failure.

mod arrivals;
mod browser;
mod bundler;
mod composition_rules;
mod compositions;
#[path = "../testsuite/damage.rs"]
mod damage;
#[path = "../testsuite/damaged.rs"]
mod damaged;
mod deployed;
mod dispatch;
mod document_modes;
mod editor_settings;
mod engine;
mod front_matter;
mod generator;
mod hide;
#[path = "../testsuite/leaving_scripts.rs"]
mod leaving_scripts;
mod links;
mod node;
mod npm;
mod parse;
mod paths;
mod peers;
mod pieces;
mod points;
mod readers;
mod refusals;
mod rendered;
mod report;
mod sarif;
mod sass;
mod sass_cases;
mod script;
mod search_engines;
mod serve;
mod shapes;
#[allow(dead_code, unused_imports, clippy::unwrap_used)] // shared with the test suite, which uses all of it
#[path = "../testsuite/store/stand_in/mod.rs"]
mod stand_in;
mod start;
mod storefronts;
#[path = "../testsuite/styles.rs"]
mod styles;
mod texts;
mod theme_build;
mod theme_settings;
mod verdicts;

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = libtest_mimic::Arguments::from_args();
    let mut trials = engine::trials();
    trials.extend(deployed::trials());
    trials.extend(dispatch::trials());
    trials.extend(editor_settings::trials());
    trials.extend(links::trials());
    trials.extend(hide::trials());
    trials.extend(parse::trials());
    trials.extend(sarif::trials());
    trials.extend(sass::trials());
    trials.extend(paths::trials());
    trials.extend(peers::trials());
    trials.extend(script::trials());
    trials.extend(search_engines::trials());
    trials.extend(storefronts::trials());
    trials.extend(texts::trials());
    trials.extend(theme_settings::trials());
    trials.extend(verdicts::trials());
    trials.extend(pieces::trials());
    trials.extend(compositions::trials());
    trials.extend(browser::trials());
    trials.extend(arrivals::trials());
    trials.extend(document_modes::trials());
    trials.extend(report::trials());
    trials.extend(bundler::trials());
    trials.extend(refusals::trials());
    trials.extend(front_matter::trials());
    trials.extend(readers::trials());
    trials.extend(theme_build::trials());
    trials.extend(start::trials());
    trials.extend(npm::trials());
    trials.extend(serve::trials());
    trials.extend(points::trials());
    libtest_mimic::run(&arguments, trials).exit_code()
}
