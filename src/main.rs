//! The `stencil-guard` program; all of it is in the library.

use mimalloc::MiMalloc;
use std::process::ExitCode;

/// A bundle with its styles checked takes a sixth less time than with the allocator of the system.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    ExitCode::from(stencil_guard::cli::run(std::env::args_os().collect()))
}
