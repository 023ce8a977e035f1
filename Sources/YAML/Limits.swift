/// What a text may cost at most. No profile comes near these; they keep hostile files cheap.
package enum Limits {
    /// The greatest size of a file in bytes, a byte order mark included: 1 MiB.
    package static let bytes = 1 << 20
    /// The greatest number of collections inside each other.
    package static let depth = 64
    /// The greatest number of scalars and collections, keys included.
    package static let nodes = 20_000
    /// How many combining marks may follow one another.
    package static let marks = 64
    /// How many findings of one file are worth keeping; who mends a hundred runs the check again.
    package static let findings = 100
}
