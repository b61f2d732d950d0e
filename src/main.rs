//! The `stencil-guard` program; the library holds all of its code.

use mimalloc::MiMalloc;
use std::process::ExitCode;

/// With mimalloc, bundling with a style check takes a sixth less time than with the system's allocator.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    ExitCode::from(stencil_guard::cli::run(std::env::args_os().collect()))
}
