//! Option values that are words: booleans, codecs, timestamp types, assignors.

use clap::ValueEnum;

use crate::group::assign::Assignor;
use crate::record::{Compression, TimestampType};

/// `true` or `false`, as MapR's options have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Truth {
    /// Yes.
    True,
    /// No.
    False,
}

impl Truth {
    /// Returns the boolean.
    pub(super) fn is_true(self) -> bool {
        self == Self::True
    }
}

/// The codecs of a stream's `-compression`, MapR's names first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum StreamCodec {
    /// No compression
    #[value(alias = "none")]
    Off,
    /// lz4 frames
    Lz4,
    /// MapR's lzf; stored as lz4
    Lzf,
    /// gzip
    #[value(alias = "gzip")]
    Zlib,
    /// snappy
    Snappy,
    /// zstd
    Zstd,
}

/// Whose clock stamps messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum TimestampWord {
    /// The producer's
    Createtime,
    /// The clock at the append
    Logappendtime,
}

/// The rule by which a group's partitions are shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum AssignorWord {
    /// As with any other group: range
    Default,
    /// Each topic by itself, in consecutive pieces
    Range,
    /// All partitions dealt out like cards
    Roundrobin,
    /// Even, and with few changes of hands
    Sticky,
    /// As sticky: nothing is taken away before it is given up, whatever the rule
    CooperativeSticky,
    /// As sticky, with other choices where there are several
    Uniform,
}

impl From<AssignorWord> for Option<Assignor> {
    fn from(word: AssignorWord) -> Self {
        match word {
            AssignorWord::Default => None,
            AssignorWord::Range => Some(Assignor::Range),
            AssignorWord::Roundrobin => Some(Assignor::RoundRobin),
            AssignorWord::Sticky => Some(Assignor::Sticky),
            AssignorWord::CooperativeSticky => Some(Assignor::CooperativeSticky),
            AssignorWord::Uniform => Some(Assignor::Uniform),
        }
    }
}

impl From<StreamCodec> for Compression {
    fn from(codec: StreamCodec) -> Self {
        match codec {
            StreamCodec::Off => Self::None,
            StreamCodec::Lz4 | StreamCodec::Lzf => Self::Lz4,
            StreamCodec::Zlib => Self::Gzip,
            StreamCodec::Snappy => Self::Snappy,
            StreamCodec::Zstd => Self::Zstd,
        }
    }
}

impl From<TimestampWord> for TimestampType {
    fn from(word: TimestampWord) -> Self {
        match word {
            TimestampWord::Createtime => Self::CreateTime,
            TimestampWord::Logappendtime => Self::LogAppendTime,
        }
    }
}

/// Returns the word that a stream's compression is shown with.
pub(super) fn codec_word(compression: Compression) -> &'static str {
    match compression {
        Compression::None => "off",
        Compression::Gzip => "zlib",
        Compression::Snappy => "snappy",
        Compression::Lz4 => "lz4",
        Compression::Zstd => "zstd",
    }
}

/// Returns the word that a stream's timestamp type is shown with.
pub(super) fn timestamp_word(timestamp_type: TimestampType) -> &'static str {
    match timestamp_type {
        TimestampType::CreateTime => "createtime",
        TimestampType::LogAppendTime => "logappendtime",
    }
}
