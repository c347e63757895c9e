//! A producer on real directories, and on a disk that fills up.

mod failing;
mod sending;
mod world;
