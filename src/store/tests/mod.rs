//! The store on a real directory and on the simulated disk.

mod activity;
mod cursors;
mod cursors_set;
mod deaths;
mod edit;
mod index;
mod life;
mod names;
mod repair;
mod retention;
mod speed;
mod waiting;
mod world;
