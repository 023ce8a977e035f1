import ArgumentParser
import Profiles

/// `--wait [SECONDS]` of the commands that change what is active.
struct WaitOption: ParsableArguments {
    @Option(
        name: .customLong("wait"),
        defaultAsFlag: WaitLimit.standard,
        help: ArgumentHelp(
            "Return once the running daemon has applied or rejected the change, at most after so many seconds.",
            valueName: "seconds"
        )
    )
    var limit: WaitLimit?

    /// Refuses `--wait=…` with something that is no time: the parser would take it for a bare `--wait`.
    static func checkValues(in arguments: [String]) throws(ValidationError) {
        let words = arguments.prefix { $0 != "--" }
        for (option, value) in zip(words, words.dropFirst()) where option == "--wait" {
            guard Double(value) != nil, WaitLimit(argument: value) == nil else { continue }
            throw refusal(of: value)
        }
        let prefix = "--wait="
        for argument in words where argument.hasPrefix(prefix) {
            let value = String(argument.dropFirst(prefix.count))
            guard WaitLimit(argument: value) == nil else { continue }
            throw refusal(of: value)
        }
    }

    private static func refusal(of value: String) -> ValidationError {
        ValidationError("'\(value.escapedForDisplay)' is no time for --wait. Give seconds, above 0 and up to 86400.")
    }
}
