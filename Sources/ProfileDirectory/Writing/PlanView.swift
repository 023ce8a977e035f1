import FileWatching
import Profiles

/// A directory as it will be when a ``WritePlan`` has been carried out, for those who may not do that.
struct PlanView: Hashable, Sendable {
    /// The names whose contents still wait, and where they do.
    fileprivate var waiting: [FileName: String] = [:]
    /// The names that give way, and those that take their places.
    fileprivate var replaced: [FileName: String] = [:]
    /// The file that `active` leads to; nil if that is what the link says.
    fileprivate(set) var active: String?

    /// Whether the directory is seen as it is.
    var isPlain: Bool { self == PlanView() }

    /// The name under which a name's content is found; nil if the name counts as gone.
    func place(of name: String) -> String? {
        if isPlain { return name }
        return replaced[FileName(name)] == nil ? waiting[FileName(name), default: name] : nil
    }

    /// The name of a file that may have given way to one with another name.
    func successor(of name: String) -> String { replaced[FileName(name), default: name] }

    /// The names to be seen, of those that are there.
    func names(_ names: [[UInt8]]) -> [[UInt8]] {
        if isPlain { return names }
        let hidden = Set(replaced.keys.map { Array($0.text.utf8) }).union(waiting.keys.map { Array($0.text.utf8) })
        return names.filter { !hidden.contains($0) } + waiting.keys.map { Array($0.text.utf8) }
    }
}

extension WritePlan {
    /// How the directory will be seen; what has been changed by others since the plan was made stays as they left it.
    func view(of directory: borrowing DirectoryHandle) throws(SystemError) -> PlanView {
        var view = PlanView()
        for step in steps {
            let isWaiting = try step.isWaiting(in: directory)
            if isWaiting { view.waiting[FileName(step.fileName)] = step.temporaryName }
            guard let old = step.oldName, try directory.status(of: old) != nil, try step.isOld(old, in: directory)
            else { continue }
            let isDone = try step.isOurs(step.fileName, in: directory)
            if isWaiting || isDone { view.replaced[FileName(old)] = step.fileName }
        }
        if let activation, try ActiveLink.trace(in: directory) == activation.before {
            view.active = activation.fileName
        }
        return view
    }
}
