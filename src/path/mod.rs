//! Names: stream paths, topic names, `/stream:topic` targets and every limit; pure text.

mod damage;
mod error;
mod group_id;
pub mod limits;
mod stream_path;
mod target;
mod topic_name;

pub use error::NameError;
pub use group_id::check_group;
pub use stream_path::StreamPath;
pub use target::{Target, is_stream_path, split_target};
pub use topic_name::{TopicName, check_partitions};
