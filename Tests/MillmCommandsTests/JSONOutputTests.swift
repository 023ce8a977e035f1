import Foundation
import Testing

/// The keys of what `--format json` prints, which scripts rely on: those that the documentation tells of.
@Suite struct JSONOutputTests {
    private static let profile =
        "id name description model_id sae_id layer steering feature_count is_active created_at updated_at etag valid "
        + "diagnostics"
    private static let finding = "code severity message file line column endLine endColumn help related"
    private static let change = "profile_id outcome generation features milliseconds reason"
    private static let refusal = "code message diagnostics"

    private static let answers: [(command: String, keys: String)] = [
        ("list", "profiles total active_profile_id"), ("show calm", profile), ("new x", profile),
        ("copy calm", profile), ("set calm 1=2", profile + " migrated_from"),
        ("unset calm 1", profile + " migrated_from"),
        ("rename calm --name C", profile + " migrated_from"), ("import ROOT/in.yaml", profile),
        ("active", "active_profile_id"), ("activate calm", change), ("deactivate", change),
        ("delete loud", "profile_id deleted"), ("export calm -o ROOT/out", "profile_id file"),
        ("diff calm loud", "from to changes"), ("validate", finding),
        ("migrate", "profile_id file from to outcome error"), ("status", "running followed"),
        (
            "history --all",
            "number steps kind profile_id file_name digest plan_digest features source at generation revision"
        ),
        ("repair", "finding remedies"), ("repair --yes", "finding done"),
        ("features --sae SAE", "index label useful_strength top_tokens max_activation density"),
        ("show nobody", refusal), ("list --nope", refusal),
    ]

    @Test(arguments: answers) func `the keys are those of the documentation`(command: String, keys: String) async throws
    {
        let here = URL(filePath: #filePath).deletingLastPathComponent()
        let documentation = try String(
            contentsOf: here.appending(path: "../../Sources/MillmCommands/MillmCommands.docc/JSONOutput.md"),
            encoding: .utf8
        )
        try await withBench { bench in
            try bench.addProfile("calm", name: "Calm")
            try bench.addProfile("loud", name: "Loud", features: "{2: 1}")
            _ = await bench.millm("set", "loud", "2=3")
            try Data("version: 1\nname: In\nsteering: {}\n".utf8).write(to: URL(filePath: "\(bench.root)/in.yaml"))
            if command == "validate" { try bench.write("bad.yaml", "version: 1\nname: Bad\nfoo: 1\nsteering: {}\n") }
            if command.hasPrefix("repair") { try bench.link(to: "gone.yaml") }
            let sae = here.appending(path: "../../saes/smollm2-135m-instruct-l15").path
            let words = command.split(separator: " ").map(String.init).map {
                $0.replacing("ROOT", with: bench.root).replacing("SAE", with: sae)
            }
            let answer = await bench.run(words + ["--format", "json"])
            let text = answer.output.isEmpty ? answer.errors : answer.output
            let value = try JSONSerialization.jsonObject(with: Data(text.utf8))
            let object = try #require(value as? [String: Any] ?? (value as? [[String: Any]])?.first)
            let wanted = keys.split(separator: " ").map(String.init)
            #expect(Set(object.keys) == Set(wanted))
            for key in wanted { #expect(documentation.contains("\"\(key)\"") || documentation.contains("`\(key)`")) }
        }
    }
}
