import YAML

extension ProfileError {
    /// Refuses what a file would become if that is more than a profile's file may have.
    ///
    /// - Throws: ``ProfileError`` `.invalidFormat`.
    static func refuseSize(of result: [UInt8]?, file: String) throws(ProfileError) {
        guard let result, result.count > Limits.bytes else { return }
        throw ProfileError(
            .invalidFormat,
            "\(file) would grow to \(result.count) bytes; a profile has at most \(Limits.bytes) (1 MiB). "
                + "Shorten it first, its comments for example."
        )
    }
}
