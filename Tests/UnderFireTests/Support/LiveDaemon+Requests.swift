import Foundation
import ProfileDirectory
import Testing

extension LiveDaemon {
    /// The status that the API serves.
    var served: LoaderStatus {
        get async throws {
            struct Answer: Decodable { var data: LoaderStatus }
            return try JSONDecoder().decode(Answer.self, from: Data(try await get(address + "/api/status").utf8)).data
        }
    }

    /// Requests that write, as options of curl with the path behind them.
    static let writes = [
        // Each time another one, for what is so already need not be written.
        #"-X PATCH -H 'Content-Type: application/json' -d "{\"description\":\"$RANDOM $RANDOM\"}" /api/profiles/p"#,
        #"-H 'Content-Type: application/json' -d '{"name":"New","steering":{}}' /api/profiles"#,
        #"-H 'Content-Type: application/yaml' --data-binary $'version: 1\nname: Late\nsteering: {}\n' /api/profiles/import"#,
    ]

    /// Makes a request.
    ///
    /// - Returns: The answer's code, if it has one, and its status, as `STORAGE_FULL 507`; and its body.
    func ask(_ request: String) async throws -> (code: String, body: String) {
        let parts = request.split(separator: " ")
        let options = parts.dropLast().joined(separator: " ")
        let answer = try await shell("curl -sS -w ' %{http_code}' \(options) \(address)\(parts.last ?? "")", in: "/")
        #expect(!answer.contains(root), "\(answer)")
        let code = answer.firstMatch(of: /"code":"([A-Z_]+)"/).map { String($0.output.1) } ?? ""
        return (code + answer.suffix(4), String(answer.dropLast(4)))
    }
}
