//! The store on a real directory and on the simulated disk.

mod deaths;
mod edit;
mod index;
mod life;
mod repair;
mod speed;
mod world;
