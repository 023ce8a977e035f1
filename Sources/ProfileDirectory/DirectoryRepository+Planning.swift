import FileWatching
import Glibc
import Profiles

/// A file that is to be written.
struct PlannedWrite {
    var fileName: String
    var bytes: [UInt8]
    /// The file whose place it takes, under the same name or another, and what is known of it; nil if it is new.
    var replaced: (fileName: String, content: StableRead)?

    /// Whether there is nothing to write.
    var isIdle: Bool { replaced.map { $0.fileName == fileName && $0.content.bytes == bytes } ?? false }
    /// Whether nothing but the name changes.
    fileprivate var isRenaming: Bool { replaced.map { $0.fileName != fileName && $0.content.bytes == bytes } ?? false }
    /// Whether it is done in one step.
    fileprivate var isSimple: Bool { replaced.map { $0.fileName == fileName } ?? true }
}

// What takes several steps.

extension DirectoryRepository {
    /// Writes files and moves the link: all of it, or nothing. A link that leads to a file whose name changes moves along.
    ///
    /// - Parameters:
    ///   - activated: The file that `active` shall lead to in the end; nil leaves it alone.
    ///   - trace: What tells the content of `active` that is kept elsewhere; nil if none is.
    /// - Throws: `.conflict`, `.inUse`, `.alreadyExists`, `.inputOutput`; then nothing has changed, or, if the system does not let
    ///   it be taken back either, the message says so, and the next command does the rest.
    func carryOut(
        _ writes: [PlannedWrite],
        activating activated: String? = nil,
        over trace: String? = nil,
        in directory: borrowing DirectoryHandle
    ) throws(ProfileError) {
        let writes = writes.filter { !$0.isIdle }
        guard let first = writes.first else {
            if let activated { try activate(activated, in: directory) }
            return
        }
        if writes.count == 1, activated == nil, first.isSimple {
            guard let replaced = first.replaced else {
                return try write(first.bytes, toNew: first.fileName, in: directory)
            }
            return try replace(first.fileName, holding: replaced.content, by: first.bytes, in: directory)
        }
        let plan = try plan(writes, activating: activated, over: trace, in: directory)
        do {
            try stage(writes, of: plan, in: directory)
        } catch {
            WritePlan.end(plan.steps.count, in: directory)
            throw error
        }
        try carryOut(plan, in: directory)
        do {
            try AtomicFile.confirm(directory)
        } catch {
            throw ProfileError(writing: directory.display(first.fileName), basedOn: nil, error)
        }
    }

    func activate(_ fileName: String, in directory: borrowing DirectoryHandle) throws(ProfileError) {
        do {
            try ActiveLink.set(fileName, in: directory)
        } catch {
            if error.code == ESTALE { throw linkConflict(in: directory) }
            throw ProfileError("'\(directory.display(ProfileFileName.active))' cannot be changed", error)
        }
    }

    private func plan(
        _ writes: [PlannedWrite],
        activating activated: String?,
        over known: String?,
        in directory: borrowing DirectoryHandle
    ) throws(ProfileError) -> WritePlan {
        let steps = writes.enumerated().map { number, write in
            WritePlan.Step(
                temporaryName: WritePlan.temporaryName(number),
                fileName: write.fileName,
                digest: ContentDigest(of: write.bytes),
                replaced: write.replaced.map {
                    WritePlan.Replaced(fileName: $0.fileName, digest: ContentDigest(of: $0.content.bytes))
                }
            )
        }
        guard let activated else { return WritePlan(steps: steps, activation: nil) }
        let trace = if let known { known } else { try activeTrace(in: directory) }
        return WritePlan(steps: steps, activation: WritePlan.Activation(fileName: activated, before: trace))
    }

    /// Writes everything under temporary names, and sees that nothing has changed meanwhile.
    private func stage(
        _ writes: [PlannedWrite],
        of plan: WritePlan,
        in directory: borrowing DirectoryHandle
    ) throws(ProfileError) {
        do {
            try WritePlan.begin(in: directory)
        } catch {
            throw ProfileError("The directory '\(path.escapedForDisplay)' cannot be written", error)
        }
        for (write, step) in zip(writes, plan.steps) {
            do {
                try stage(write, as: step.temporaryName, in: directory)
            } catch {
                throw ProfileError("'\(directory.display(write.fileName))' cannot be written", error)
            }
        }
        for write in writes where !write.isRenaming { try requireUnchanged(write, in: directory) }
        do {
            try plan.commit(in: directory)
        } catch {
            throw ProfileError(writing: path, basedOn: nil, error)
        }
    }

    private func stage(
        _ write: PlannedWrite,
        as temporaryName: String,
        in directory: borrowing DirectoryHandle
    ) throws(SystemError) {
        if write.isRenaming, let replaced = write.replaced {
            let number = directory.descriptor.number
            if unsafe linkat(number, replaced.fileName, number, temporaryName, 0) == 0 { return }
            // Without hard links a copy must do.
            guard [EPERM, ENOTSUP, EMLINK, ENOSYS].contains(errno) else { throw SystemError("link") }
        } else {
            remember(write.bytes, as: write.fileName)
        }
        try AtomicFile(write.bytes, temporaryName: temporaryName)
            .writeTemporary(like: write.replaced.map { ($0.fileName, $0.content.status) }, in: directory)
    }

    private func requireUnchanged(_ write: PlannedWrite, in directory: borrowing DirectoryHandle) throws(ProfileError) {
        let name = write.replaced?.fileName ?? write.fileName
        let shown = directory.display(name)
        var found: StableRead?
        do {
            found = try StableRead(name, in: directory)
        } catch .system(let error) {
            throw ProfileError("'\(shown)' cannot be read", error)
        } catch {}
        if let base = write.replaced?.content {
            guard let found, found.bytes == base.bytes else {
                let digest = found.map { ContentDigest(of: $0.bytes) }
                throw .conflict(about: shown, basedOn: ContentDigest(of: base.bytes), found: digest)
            }
            if found.isBeingWritten { throw .inUse(shown) }
        } else if found != nil {
            throw ProfileError(.alreadyExists, "There is a file '\(shown)' already.")
        }
    }

    private func carryOut(_ plan: WritePlan, in directory: borrowing DirectoryHandle) throws(ProfileError) {
        let interruption: WritePlan.Interruption
        do {
            try plan.carryOut(in: directory, passingOverConflicts: false) { temporary, fileName in
                rescue(temporary, of: fileName, in: directory)
            }
            return WritePlan.end(plan.steps.count, in: directory)
        } catch {
            interruption = error
        }
        let shown = directory.display(interruption.fileName)
        var error = ProfileError(writing: shown, basedOn: interruption.basedOn, interruption.failure)
        if case .system(let cause) = interruption.failure, cause.code == EEXIST {
            error = ProfileError(.alreadyExists, "There is a file '\(shown)' already.")
        }
        if (try? plan.undo(in: directory)) != nil {
            WritePlan.end(plan.steps.count, in: directory)
        } else {
            error.message += " What is half done is finished by the next command that can."
        }
        throw error
    }
}
