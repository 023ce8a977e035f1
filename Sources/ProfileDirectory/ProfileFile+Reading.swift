import FileWatching
package import Profiles

extension ProfileFile {
    /// Decodes what was read.
    ///
    /// - Parameter known: The file as it was decoded before, without findings that come from
    ///   other files; the same bytes are not decoded again.
    init(
        id: ProfileID,
        fileName: String,
        content: StableRead,
        in directory: borrowing DirectoryHandle,
        reusing known: ProfileFile? = nil
    ) {
        let digest = ContentDigest(of: content.bytes)
        let isKnown = known?.digest == digest && known?.fileName == fileName
        let decoded = isKnown ? known?.decoded : nil
        self.init(
            id: id,
            fileName: fileName,
            path: directory.display(fileName),
            digest: digest,
            createdAt: content.status.createdAt,
            updatedAt: content.status.updatedAt,
            decoded: decoded ?? ProfileDecoder.decode(content.bytes, file: directory.display(fileName))
        )
    }

    /// Why the file could not be read; then its ``digest`` is that of no bytes, and nothing is known of what it holds.
    package var unreadable: Diagnostic? { diagnostics.first { $0.code == .unreadable } }

    /// A file that cannot be read: it has the digest of no bytes, and the reason as its only finding.
    init(id: ProfileID, fileName: String, unreadable failure: ReadFailure, in directory: borrowing DirectoryHandle) {
        let status = try? directory.status(of: fileName)
        self.init(
            id: id,
            fileName: fileName,
            path: directory.display(fileName),
            digest: ContentDigest(of: []),
            createdAt: status?.createdAt ?? Timestamp(microseconds: 0),
            updatedAt: status?.updatedAt ?? Timestamp(microseconds: 0),
            decoded: failure.decoded(for: directory.display(fileName))
        )
    }
}

extension DecodedProfile {
    /// Adds findings; an error among them takes the profile away, so that nothing uses it.
    mutating func add(_ findings: [Diagnostic]) {
        diagnostics += findings
        if findings.contains(where: { $0.severity == .error }) { profile = nil }
    }
}

extension DirectoryHandle {
    /// The finding that there is another file with the same id; none if there is not.
    func duplicates(of id: ProfileID, besides fileName: String) throws(SystemError) -> [Diagnostic] {
        var others: [String] = []
        for other in try names(of: id, besides: fileName) {
            // A file that is being renamed has two names for a moment.
            if let own = try status(of: fileName), let status = try status(of: other),
                own.identity.isSameFile(as: status.identity)
            {
                continue
            }
            others.append(other)
        }
        // Nor is one whose new content has got its new name just now, which the old one gives way to.
        if !others.isEmpty, let plan = try? WritePlan.read(in: self) { others.removeAll { plan.joins(fileName, $0) } }
        guard !others.isEmpty else { return [] }
        var shown: [String] = []
        for other in others { shown.append(display(other)) }
        return [.duplicateID(id, file: display(fileName), others: shown)]
    }

    /// The names of files with an id.
    func names(of id: ProfileID, besides known: String? = nil) throws(SystemError) -> [String] {
        var found: [String] = []
        if id.hasOneSpelling {
            for name in id.fileNames where name != known {
                if let status = try status(of: name), status.kind != .directory { found.append(name) }
            }
            return found
        }
        for bytes in try names() where bytes.contains(where: { $0 >= 0x80 }) && id.canBegin(bytes) {
            guard let name = String(validating: bytes, as: UTF8.self), ProfileID(fileName: name) == id,
                known.map({ FileName($0) }) != FileName(name)
            else { continue }
            if let status = try status(of: name), status.kind != .directory { found.append(name) }
        }
        return found.sorted { FileName($0) < FileName($1) }
    }
}

extension ProfileID {
    /// Whether no other bytes spell the same letters: an accent by itself, or in one with its letter.
    fileprivate var hasOneSpelling: Bool {
        description.unicodeScalars.allSatisfy { scalar in
            let properties = scalar.properties
            return scalar.isASCII || properties.isEmoji || properties.isVariationSelector || properties.isJoinControl
        }
    }

    /// Whether a file's name may begin with the id in some spelling: as far as both are ASCII, they must be the same.
    /// There may be many names, most of others, and the bytes tell them apart fastest.
    fileprivate func canBegin(_ name: [UInt8]) -> Bool {
        for (own, other) in zip(description.utf8, name) where own != other { return own >= 0x80 || other >= 0x80 }
        return true
    }
}

extension Diagnostic {
    static func duplicateID(_ id: ProfileID, file: String, others: [String]) -> Diagnostic {
        // Swift takes the two ways to spell an accent for one.
        let differsInSpelling = others.contains(file)
        return Diagnostic(
            .duplicateID,
            "the id '\(id)' belongs to \(others.count == 1 ? "two" : "\(others.count + 1)") files",
            at: SourceLocation(file: file),
            help: differsInSpelling
                ? "the names differ only in Unicode normalization (NFC or NFD); rename or remove one of them" : nil,
            related: others.map { other in
                Related(
                    message: others.count == 1 ? "the other one" : "another one",
                    location: SourceLocation(file: other)
                )
            }
        )
    }
}
