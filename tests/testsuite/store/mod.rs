//! Commands that talk to a store, against a stand-in on this computer.

mod channels;
pub(crate) mod deploy;
mod killed;
pub(crate) mod live;
mod probe;
mod push;
mod routes;
pub(crate) mod stand_in;
mod token;
mod values;
pub(crate) mod world;
