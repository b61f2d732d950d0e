//! Lossless reading of Handlebars templates that print HTML, over bytes.
//!
//! Reading never fails: what an engine would refuse is recorded with the place. Nothing here knows
//! about themes.

pub mod ast;
