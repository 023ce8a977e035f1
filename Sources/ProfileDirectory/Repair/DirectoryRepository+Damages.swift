import FileWatching
import Glibc
package import Profiles

// What `millm repair` finds.

extension DirectoryRepository {
    /// What is wrong with `active`, with twins and with temporaries, each with the ways out. Nothing is changed.
    ///
    /// Findings inside of profiles are ``validate()``'s.
    ///
    /// - Throws: `.inputOutput` if the directory cannot be read.
    package func damages() async throws(ProfileError) -> [Damage] {
        let directory = try open()
        try refresh(in: directory, atMostOld: .zero)
        do throws(SystemError) {
            let interruptions = try await interruptions(in: directory)
            return try interruptions + damagesOfFiles(in: directory)
        } catch {
            throw ProfileError("The directory '\(path.escapedForDisplay)' cannot be read", error)
        }
    }

    /// What is wrong with `active` and with twins, as the snapshot has them.
    func damagesOfFiles(in directory: borrowing DirectoryHandle) throws(SystemError) -> [Damage] {
        let ofLink = try activeDamage(in: directory).map { [$0] } ?? []
        return try ofLink + twins(in: directory)
    }

    /// Temporaries. A writer that is at work has some, too, so the lock must be free.
    private func interruptions(in directory: borrowing DirectoryHandle) async throws(SystemError) -> [Damage] {
        let found = try temporaries(in: directory)
        guard !found.isEmpty, let lock = try? await DirectoryLock.whenFree(directory, patience: patience) else {
            return []
        }
        let left = try lock.hold { () throws(SystemError) in try temporaries(in: directory) }
        guard let first = left.first else { return [] }
        let finding = Diagnostic(
            .interrupted,
            left.count == 1
                ? "an interrupted program has left a temporary file"
                : "interrupted programs have left \(left.count) temporary files",
            at: SourceLocation(file: directory.display(first))
        )
        return [Damage(finding: finding, remedies: [Remedy("Finish what was interrupted, and clear it away.", .sweep)])]
    }

    private func activeDamage(in directory: borrowing DirectoryHandle) throws(SystemError) -> Damage? {
        guard case .broken(let finding) = try ActiveLink(in: directory) else { return nil }
        let remedies: [Remedy]
        switch finding.code {
        case .activeNotALink:
            remedies = try remediesForFile(in: directory)
        case .activeSpecialFile:
            remedies = [Remedy("Give it the name 'active.bak', and leave no profile active.", .setActiveAside)]
        default:
            remedies =
                try remediesForLink(in: directory)
                + [Remedy("Remove the link, and leave no profile active.", .removeActive)]
        }
        return Damage(finding: finding, remedies: remedies)
    }

    /// `sed -i active`, `mv b.yaml active`: a profile's bytes have taken the link's place.
    private func remediesForFile(in directory: borrowing DirectoryHandle) throws(SystemError) -> [Remedy] {
        let aside = Remedy("Give it the name 'active.bak', and leave no profile active.", .setActiveAside)
        guard let content = try? StableRead(ProfileFileName.active, in: directory) else { return [aside] }
        if let same = try fileName(holding: content.bytes, in: directory) {
            let sentence = "Point the link at '\(same)', which holds the same."
            return [Remedy(sentence, .pointActive(at: same)), aside]
        }
        return [Remedy("Make a new profile of what it holds, and point the link at it.", .adoptActive), aside]
    }

    private func fileName(
        holding bytes: [UInt8],
        in directory: borrowing DirectoryHandle
    ) throws(SystemError) -> String? {
        let digest = ContentDigest(of: bytes)
        return snapshot.entries.values.filter { $0.file.profile != nil && $0.file.digest == digest }
            .map(\.file.fileName).min()
    }

    /// A link that leads nowhere, or not where it should.
    private func remediesForLink(in directory: borrowing DirectoryHandle) throws(SystemError) -> [Remedy] {
        var remedies: [Remedy] = []
        if let name = try fileMeantByLink(in: directory) {
            remedies.append(Remedy("Point the link at '\(name)' in this directory.", .pointActive(at: name)))
        }
        guard let last = try? history?.lastGood(), let id = last.entry.id, let digest = last.entry.digest else {
            return remedies
        }
        var there: String?
        for name in id.fileNames.reversed() where try directory.status(of: name)?.kind == .regular {
            there = name
        }
        if let name = there {
            let remedy = Remedy("Point the link at '\(name)', which was applied last.", .pointActive(at: name))
            if remedies.first?.action != remedy.action { remedies.append(remedy) }
        } else {
            let name = last.entry.restoredName ?? id.fileNames[0]
            let sentence = "Bring back '\(name)' as it was applied last, and point the link at it."
            remedies.append(Remedy(sentence, .restore(fileName: name, digest: digest)))
        }
        return remedies
    }

    /// The profile that an absolute or roundabout link ends at, if that lies in this directory after all.
    private func fileMeantByLink(in directory: borrowing DirectoryHandle) throws(SystemError) -> String? {
        guard let target = try directory.target(of: ProfileFileName.active),
            let name = target.pathComponents.last,
            case .profile = ProfileFileName(name, file: name),
            let there = try directory.status(of: name), there.kind == .regular
        else { return nil }
        // Only what the link itself leads to; the kernel follows it, and nothing is read.
        var status = stat()
        guard unsafe fstatat(directory.descriptor.number, ProfileFileName.active, &status, 0) == 0 else { return nil }
        return UInt64(status.st_ino) == there.identity.inode ? name : nil
    }

    private func twins(in directory: borrowing DirectoryHandle) throws(SystemError) -> [Damage] {
        let active: String? = if case .target(_, let name) = try ActiveLink(in: directory) { name } else { nil }
        let groups = Dictionary(grouping: snapshot.entries.values, by: \.file.id).values.filter { $0.count > 1 }
        return groups.flatMap { group in damages(of: group, active: active, in: directory) }
            .sorted { $0.finding.location.file < $1.finding.location.file }
    }

    /// The one that the link names stays as it is; else the one whose extension is looked for first.
    private func damages(
        of twins: [DirectorySnapshot.Entry],
        active: String?,
        in directory: borrowing DirectoryHandle
    ) -> [Damage] {
        let order = twins.sorted { one, other in
            let (one, other) = (one.file.fileName, other.file.fileName)
            if one == active || other == active { return one == active }
            let names = ProfileID.fileExtensions
            return (names.firstIndex { one.hasSuffix($0) } ?? 0) < (names.firstIndex { other.hasSuffix($0) } ?? 0)
        }
        guard let first = order.first?.file else { return [] }
        return order.dropFirst().map(\.file).map { other in
            let rename = Remedy("Give '\(other.fileName)' an id of its own.", .renameTwin(fileName: other.fileName))
            let isSame = other.digest == first.digest && first.profile != nil
            let remove = Remedy(
                "Remove '\(other.fileName)', which holds the same as '\(first.fileName)'.",
                .removeTwin(fileName: other.fileName, digest: first.digest)
            )
            let finding = Diagnostic.duplicateID(
                other.id,
                file: directory.display(other.fileName),
                others: [directory.display(first.fileName)]
            )
            return Damage(finding: finding, remedies: isSame ? [remove, rename] : [rename])
        }
    }
}
