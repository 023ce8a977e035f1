import CLinux
import Glibc
import ProfileDirectory
import Profiles
import Steering

/// Checks profiles, in the way in which the daemon reads them, and keeps what it finds.
struct Validation {
    /// The SAE whose features the profiles must name; nil checks the files alone.
    private let sae: SAEDescription?
    private(set) var findings: [Diagnostic] = []
    private(set) var fileCount = 0
    private var repositories: [String: DirectoryRepository] = [:]
    /// What was read and may not be there a second time: standard input, pipes.
    private var sources: [String: [UInt8]] = [:]

    init(sae: SAEDescription?) {
        self.sae = sae
    }

    /// Checks a file, or a directory with all that is in it, which the user has named.
    ///
    /// - Throws: `.inputOutput` if it cannot be read, or is a directory without profiles: a mistyped path must not pass.
    mutating func check(path: String) async throws(ProfileError) {
        guard FilePlace.isDirectory(path) else { return try await check(file: path) }
        let before = (fileCount, findings.count)
        try await check(directory: path)
        guard before == (fileCount, findings.count) else { return }
        let inside = path.hasSuffix("/") ? path + "profiles" : path + "/profiles"
        let advice = FilePlace.isDirectory(inside) ? " Did you mean '\(inside.escapedForDisplay)'?" : ""
        throw ProfileError(.inputOutput, "There are no profiles in '\(path.escapedForDisplay)'.\(advice)")
    }

    /// Checks a text that is in no file.
    mutating func check(standardInput bytes: [UInt8]) {
        sources[SourceFile.standardInput] = bytes
        take(ProfileDecoder.decode(bytes, file: SourceFile.standardInput), as: SourceFile.standardInput)
    }

    /// The bytes of a file that a finding names.
    func source(of file: String) -> [UInt8]? {
        sources[file] ?? SourceFile.bytes(of: file)
    }

    /// What was checked and found, in a few words: `7 files, 1 error`.
    var summary: String { "\(fileCount.counted("file")), \(Tally(of: findings))" }

    /// Checks a directory with all that is in it, which may be nothing.
    mutating func check(directory path: String) async throws(ProfileError) {
        let repository = repository(for: path)
        findings += try await repository.validate()
        for file in try await repository.all() {
            fileCount += 1
            let place = path.hasSuffix("/") ? path + file.fileName : "\(path)/\(file.fileName)"
            findings += mismatches(of: file.decoded, in: place)
        }
    }

    /// A file counts for what it is in its directory: a second file with its id is a finding about it, too.
    private mutating func check(file path: String) async throws(ProfileError) {
        let slash = path.lastIndex(of: "/")
        let name = String(path[(slash.map(path.index(after:)) ?? path.startIndex)...])
        let parent = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let repository = repository(for: parent)
        if let file = try? await repository.all().first(where: { $0.fileName == name }) {
            return take(file.decoded, as: path)
        }
        let aboutName = (try? await repository.validate().filter { $0.location.file.hasSuffix("/" + name) }) ?? []
        if aboutName.isEmpty {
            let bytes = try SourceFile.read(path)
            sources[path] = bytes
            take(ProfileDecoder.decode(bytes, file: path), as: path)
        } else {
            take(DecodedProfile(refusedFor: aboutName), as: path)
        }
    }

    /// Keeps what was found about one file, which the findings shall call as the user did.
    private mutating func take(_ decoded: DecodedProfile, as path: String) {
        fileCount += 1
        findings += decoded.diagnostics.map { finding in
            var finding = finding
            let own = finding.location.file
            finding.location.file = path
            for index in finding.related.indices where finding.related[index].location.file == own {
                finding.related[index].location.file = path
            }
            return finding
        }
        findings += mismatches(of: decoded, in: path)
    }

    private func mismatches(of decoded: DecodedProfile, in file: String) -> [Diagnostic] {
        guard let sae else { return [] }
        return Compatibility.mismatches(of: decoded, file: file, model: nil, sae: sae)
    }

    private mutating func repository(for directory: String) -> DirectoryRepository {
        if let known = repositories[directory] { return known }
        let repository = DirectoryRepository(path: directory)
        repositories[directory] = repository
        return repository
    }
}
