import Foundation
import HTTPTypes
import Testing

@testable import HTTPAPI

/// Where in a profile, or in the body that should be one, the faults are that a refusal is about.
struct FindingTests {
    /// `P029 body:1:29`, for each finding of an answer.
    private static func findings(_ answer: Answered) throws -> [String] {
        guard case .array(let findings)? = try answer.json["error"]?["details"]?["diagnostics"] else { return [] }
        return findings.map { finding in
            guard case .number(let line)? = finding["line"], case .number(let column)? = finding["column"] else {
                return "\(finding["code"]?.string ?? "") \(finding["file"]?.string ?? "")"
            }
            return "\(finding["code"]?.string ?? "") \(finding["file"]?.string ?? ""):\(Int(line)):\(Int(column))"
        }
    }

    @Test(
        arguments: [
            // No JSON at all.
            ("POST /api/profiles", "{\"name\":\n \"é\" 5}", 400, ["P001 body:2:6"]),
            ("POST /api/profiles", "\u{FEFF}{\"name\" 5}", 400, ["P001 body:1:9"]),
            ("PATCH /api/profiles/dawn", #"{"layer":1,}"#, 400, ["P001 body:1:12"]),
            ("POST /api/profiles/import", #"{"name":"#, 400, ["P001 body:1:9"]),
            // Values of the wrong type.
            ("POST /api/profiles", #"{"name":5,"layer":1.5}"#, 422, ["P025 body:1:9", "P027 body:1:19"]),
            ("PATCH /api/profiles/dawn", #"{"name":null}"#, 422, ["P025 body:1:9"]),
            ("PATCH /api/profiles/dawn", #"{"description":true}"#, 422, ["P026 body:1:16"]),
            ("PUT /api/profiles/dawn", #"{"layer":"3","model_id":[]}"#, 422, ["P027 body:1:10", "P032 body:1:25"]),
            (
                "PUT /api/profiles/dawn", #"{"sae_id":1,"sae_id":2}"#, 422,
                ["P033 body:1:22", "P012 body:1:13"].sorted()
            ),
            ("POST /api/profiles", #"[]"#, 422, ["P020 body:1:1"]),
            ("POST /api/profiles", #"{"steering":{"3":1}}"#, 422, ["P023 body:1:1"]),
            ("POST /api/profiles/save-current", #"{}"#, 422, ["P023 body:1:1"]),
            // What a request ignores is not blamed.
            ("PUT /api/steering", #"{"steering":{"3":1e9},"name":5,"layer":-1}"#, 422, ["P029 body:1:18"]),
            ("POST /api/profiles/save-current", #"{"name":5,"steering":{"x":1},"layer":"a"}"#, 422, ["P025 body:1:9"]),
            // Values that break a rule.
            (
                "POST /api/profiles", #"{"name":" ","layer":-1,"steering":{"3":1e9,"4":"5","5":1}}"#, 422,
                ["P025 body:1:9", "P027 body:1:21", "P029 body:1:40", "P029 body:1:48"]
            ),
            (
                "PATCH /api/profiles/dawn", "{\n  \"steering\": {\"3\": 10001,\n    \"4\": -1e999}\n}", 422,
                ["P029 body:2:21", "P029 body:3:10"]
            ),
            ("PATCH /api/profiles/dawn", #"{"steering":{"x":1,"07":2}}"#, 400, ["P028 body:1:14", "P028 body:1:20"]),
            // What a body may have and a file may not is no fault.
            (
                "PATCH /api/profiles/dawn", #"{"steering":null,"layer":3.0,"version":9,"name":""}"#, 422,
                ["P025 body:1:49"]
            ),
            ("PUT /api/steering", "{}", 422, ["P023 body:1:1"]),
            ("PUT /api/steering", #"{"steering":null}"#, 422, ["P034 body:1:13"]),
            ("PUT /api/steering", #"{"steering":{"3":1e9}}"#, 422, ["P029 body:1:18"]),
            ("PUT /api/steering", #"{"steering":{"3":1,"99":1,"16":2}}"#, 400, ["P104 body:1:27", "P104 body:1:20"]),
            // Files.
            (
                "POST /api/profiles/import", #"{"name":5,"layer":[],"steering":{"1":"x"}}"#, 400,
                ["P027 body:1:19", "P029 body:1:38"]
            ),
            ("POST /api/profiles/broken/activate", "", 400, ["P025 broken.yaml:2:7"]),
            ("PATCH /api/profiles/broken", #"{"layer":1}"#, 400, ["P025 broken.yaml:2:7"]),
            ("POST /api/profiles/far/activate", "", 409, ["P103 far.yaml:3:8", "P104 far.yaml:4:12"]),
            // What is about no profile.
            ("POST /api/profiles/dawn/activate", #"{"force":"yes"}"#, 422, []),
            ("GET /api/profiles/nobody", "", 404, []),
        ]
    )
    func `all that is wrong is told with its place`(
        request: String,
        body: String,
        status: Int,
        found: [String]
    )
        async throws
    {
        try await ManagedProfiles.with { managed in
            try managed.write("version: 1\nname: Far\nlayer: 3\nsteering: {99: 1}\n", to: "far.yaml")
            let parts = request.split(separator: " ").map(String.init)
            let method = try #require(HTTPRequest.Method(parts[0]))
            let answer = try await managed.send(method, parts[1], body.isEmpty ? nil : body)
            #expect(answer.status == status)
            #expect(try Self.findings(answer) == found, "\(answer.text)")
        }
    }

    @Test func `a finding in YAML has what a finding of a profile has`() async throws {
        try await ManagedProfiles.with { managed in
            let text = "version: 1\nname: Dusk\nlayer: 1\nlayer: 2\nsteering:\n  3: much\n"
            let answer = try await managed.send(
                .post,
                "/api/profiles/import",
                text,
                headers: [.contentType: "application/yaml"]
            )
            #expect(answer.status == 400)
            let told = try answer.json["error"]?["details"]?["diagnostics"]
            try managed.write(text, to: "dusk.yaml")
            guard
                case .array(let known)? = try await managed.send(.get, "/api/profiles/dusk").json["data"]?[
                    "diagnostics"
                ]
            else { return #expect(Bool(false), "no findings") }
            #expect(known.count == 2)
            func renamed(_ finding: JSON) -> JSON {
                switch finding {
                case .object(let members): .object(members.mapValues(renamed))
                case .array(let items): .array(items.map(renamed))
                case .text("dusk.yaml"): "body"
                default: finding
                }
            }
            #expect(told == .array(known.map(renamed)))
        }
    }

    /// The time that it takes to find the places must not grow with the square of the body.
    @Test(.timeLimit(.minutes(5))) func `a megabyte of one field is refused with the last one's place`() async throws {
        try await ManagedProfiles.with { managed in
            let field = #""name":1,"#
            let count = 110_000
            let answer = try await managed.send(
                .post,
                "/api/profiles",
                "{" + String(repeating: field, count: count) + #""name":2}"#
            )
            #expect(answer.status == 422)
            #expect(try Self.findings(answer).contains("P025 body:1:\(count * field.count + 9)"))
        }
    }
}
