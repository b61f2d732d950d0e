//! Commands that talk to a store, against a stand-in on this computer.

mod channels;
mod deploy;
mod killed;
mod live;
mod probe;
mod push;
mod routes;
mod stand_in;
mod token;
mod values;
pub(crate) mod world;
