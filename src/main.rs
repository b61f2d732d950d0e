//! The `stencil-guard` program; all of it is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(stencil_guard::cli::run(std::env::args_os().collect()))
}
