//! Option values that are words: booleans, codecs, timestamp types.

use clap::ValueEnum;

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
