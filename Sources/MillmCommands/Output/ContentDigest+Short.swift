import Profiles

extension ContentDigest {
    /// The first 12 hexadecimal digits, for people to compare.
    var short: String { String(description.dropFirst("sha256:".count).prefix(12)) }
}
