//! The codecs of a batch, by their bits and by their names.

use std::str::FromStr;
use std::{error, fmt};

/// How the records of a batch are compressed, all as one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Compression {
    /// Not at all.
    #[default]
    None,
    /// One RFC 1952 stream.
    Gzip,
    /// Snappy blocks in the framing of xerial's Java library.
    Snappy,
    /// One LZ4 frame with independent blocks of 64 KiB.
    Lz4,
    /// One Zstandard frame, level 3.
    Zstd,
}

impl Compression {
    /// Every codec, in the order of their bits.
    pub const ALL: [Self; 5] = [Self::None, Self::Gzip, Self::Snappy, Self::Lz4, Self::Zstd];

    /// Returns the codec with the number that the lowest three attribute bits hold, or `None` for
    /// 5 and above.
    #[must_use]
    #[inline]
    pub fn from_bits(bits: u16) -> Option<Self> {
        Self::ALL.get(usize::from(bits)).copied()
    }

    /// Returns the codec's number.
    #[must_use]
    #[inline]
    pub fn bits(self) -> u16 {
        self as u16
    }

    /// Returns Kafka's name of the codec.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Gzip => "gzip",
            Self::Snappy => "snappy",
            Self::Lz4 => "lz4",
            Self::Zstd => "zstd",
        }
    }
}

impl fmt::Display for Compression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Compression {
    type Err = UnknownCompression;

    fn from_str(name: &str) -> Result<Self, UnknownCompression> {
        Self::ALL
            .into_iter()
            .find(|compression| compression.name() == name)
            .ok_or_else(|| UnknownCompression { name: name.to_owned() })
    }
}

/// A name that is no codec's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownCompression {
    /// What was asked for.
    pub name: String,
}

impl fmt::Display for UnknownCompression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is no codec; there are none, gzip, snappy, lz4 and zstd", self.name)
    }
}

impl error::Error for UnknownCompression {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_bits_come_back() {
        for (bits, compression) in (0..).zip(Compression::ALL) {
            assert_eq!(compression.bits(), bits);
            assert_eq!(Compression::from_bits(bits), Some(compression));
            assert_eq!(compression.to_string().parse(), Ok(compression));
        }
        assert_eq!(Compression::from_bits(5), None);
        assert_eq!(Compression::from_bits(u16::MAX), None);
    }

    #[test]
    fn an_unknown_name_is_refused_with_the_known_ones() {
        let error = "GZIP".parse::<Compression>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "`GZIP` is no codec; there are none, gzip, snappy, lz4 and zstd"
        );
    }
}
