//! A consumer on real directories.

mod bounds;
mod damage;
mod following;
mod world;
