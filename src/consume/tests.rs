//! A consumer on real directories.

mod bounds;
mod damage;
mod following;
mod last;
mod order;
mod topics;
mod world;
