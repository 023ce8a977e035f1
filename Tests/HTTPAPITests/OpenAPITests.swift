import HTTPTypes
import Hummingbird
import MillmTesting
import Testing

@testable import HTTPAPI

struct OpenAPITests {
    @Test func `the document is served as it is`() async throws {
        let answer = try await APIUnderTest().send(.get, "/api/openapi.json")
        #expect(answer.status == 200)
        #expect(answer.header("Content-Type") == "application/json")
        #expect(try answer.json == Contract.open.document)
        #expect(try answer.json["openapi"] == "3.1.1")
    }

    @Test func `what can be done is documented, and what is documented can be done`() async throws {
        try await ManagedProfiles.with { managed in
            let routes = Set(managed.router.routes.map(\.path.description))
            let documented = Contract.open.paths
            #expect(!routes.isEmpty)
            for template in Set(documented.keys).union(routes.map(Self.documented)) {
                let path = template.replacing("{id}", with: "nobody").replacing("{model}", with: "nobody")
                for method in HTTPRequest.Method.known where method != .head {
                    let promised = documented[template]?[method.rawValue.lowercased()] != nil
                    // This one never ends.
                    if promised, template == "/api/events" { continue }
                    let status = try await managed.send(method, path, [.get, .trace].contains(method) ? nil : "{}")
                        .status
                    #expect((status != 405) == promised, "\(method) \(path): \(status)")
                    // 404 is an answer only for a profile or model that is not there.
                    if promised, !template.contains("{") {
                        #expect(
                            status != 404 || template.hasSuffix("import") || template.hasSuffix("save-current"),
                            "\(method) \(path)"
                        )
                    }
                }
            }
        }
    }

    /// The router's template as the document writes it.
    private static func documented(_ route: String) -> String {
        if route == "/v1/models/**" { return "/v1/models/{model}" }
        // What can be done to any profile is documented once, whatever words the router has to tell apart.
        let parts = route.split(separator: "/").map(String.init)
        guard parts.count == 4, parts[1] == "profiles", ProfileRoutes.segments.contains(parts[2]) else { return route }
        return "/api/profiles/{id}/" + parts[3]
    }

    @Test func `PUT and PATCH say that a given steering takes the place of the whole one`() throws {
        for method in ["put", "patch"] {
            let summary = Contract.open.paths["/api/profiles/{id}"]?[method]?["summary"]?.string
            #expect(summary?.contains("takes the place of the one that is there") == true)
        }
        let fields = Contract.open.document["components"]?["schemas"]?["ProfileFields"]?["properties"]
        #expect(fields?["steering"]?["description"]?.string?.contains("the whole steering") == true)
    }

    @Test func `every operation has a name of its own and something to read`() throws {
        let operations: [APIOperation] = .management + .inference + .operation
        #expect(Set(operations.map(\.name)).count == operations.count)
        for operation in operations {
            #expect(operation.summary.hasSuffix("."), "\(operation.name)")
            #expect(!operation.answers.isEmpty)
        }
    }

    @Test func `every reference leads somewhere and every named schema is used`() throws {
        let document = Contract.open.document
        var references: Set<String> = []
        func collect(_ value: JSON) {
            switch value {
            case .object(let members):
                if let reference = members["$ref"]?.string { references.insert(reference) }
                members.values.forEach(collect)
            case .array(let items): items.forEach(collect)
            case .null, .bool, .number, .text: break
            }
        }
        collect(document)
        for reference in references {
            let target = reference.split(separator: "/").dropFirst().reduce(document as JSON?) { $0?[String($1)] }
            #expect(target != nil, "\(reference)")
        }
        for name in SchemaName.allCases { #expect(references.contains("#/components/schemas/\(name.rawValue)")) }
    }

    @Test func `every condition of a change is documented`() throws {
        for path in ["{id}", "import", "save-current"].map({ "/api/profiles/" + $0 }) {
            for method in ["put", "patch", "delete"] {
                let parameters = try #require(Contract.open.paths[path]?[method]?["parameters"])
                let names = (0..<3).compactMap { parameters[$0]?["name"]?.string }
                #expect(Set(names).isSuperset(of: ["If-Match", "If-None-Match"]), "\(method) \(path): \(names)")
            }
        }
    }

    @Test func `tokens are documented where they are asked for`() throws {
        #expect(Contract.open.document["security"] == nil)
        let guarded = Contract.guarded
        #expect(guarded.document["security"] == [["token": []]])
        #expect(guarded.paths["/healthz"]?["get"]?["security"] == [])
        let delete = guarded.paths["/api/profiles/{id}"]?["delete"]?["responses"]
        #expect(delete?["401"]?["headers"]?["WWW-Authenticate"] != nil)
        #expect(delete?["403"]?["description"] == "FORBIDDEN, HOST_NOT_ALLOWED, ORIGIN_NOT_ALLOWED")
        let show = guarded.paths["/api/profiles/{id}"]?["get"]?["responses"]
        #expect(show?["403"]?["description"] == "HOST_NOT_ALLOWED, ORIGIN_NOT_ALLOWED")
    }

    @Test func `an answer outside of the document is noticed`() throws {
        let schema: JSON = [
            "type": "object", "required": ["a"],
            "properties": ["a": ["type": ["integer", "null"]], "b": ["enum": ["x"]]],
        ]
        let check = JSONSchema(document: .null)
        #expect(check.violations(of: schema, by: ["a": 1, "b": "x", "c": true]).isEmpty)
        #expect(check.violations(of: schema, by: ["a": nil]).isEmpty)
        for wrong: JSON in [[], ["b": "x"], ["a": 1.5], ["a": "1"], ["a": 1, "b": "y"]] {
            #expect(!check.violations(of: schema, by: wrong).isEmpty, "\(wrong)")
        }
    }
}
