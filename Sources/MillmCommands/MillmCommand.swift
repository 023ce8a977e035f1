import ArgumentParser

/// A command of `millm`.
protocol MillmCommand: ParsableCommand {
    /// The formats that the command can write.
    static var formats: [OutputFormat] { get }

    /// What to do if the id or the display name that the command gives is taken; nil if it gives none.
    var adviceIfTaken: String? { get }

    var global: GlobalOptions { get }

    /// Does what the command is for.
    ///
    /// - Returns: What the process' exit code shall say.
    /// - Throws: ``CommandFailure``, `ProfileError` or ``ConsoleError``.
    func run(in session: Session) async throws -> ExitCode
}

extension MillmCommand {
    static var formats: [OutputFormat] { [.human, .json] }

    var adviceIfTaken: String? { nil }

    func validate() throws {
        guard !Self.formats.contains(global.format) else { return }
        let names = Self.formats.map(\.rawValue).joined(separator: " and ")
        throw ValidationError("'\(Self._commandName)' writes \(names), not \(global.format.rawValue).")
    }
}
