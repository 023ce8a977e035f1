import MillmTesting
import ProfileDirectory
import Profiles
import Reconciliation
import Steering
import Testing

@Suite struct ProfileServiceTests {
    private func service(_ bench: Workbench) throws -> ProfileService {
        try bench.write("version: 1\nname: Deep Night\nsteering:\n  3: 2.5\n", to: "night.yaml")
        try bench.write("version: 1\nname: night\nsteering:\n  4: 1\n", to: "dusk.yaml")
        try bench.write("version: 1\nname: Far\nsteering:\n  16: 1\n", to: "far.yaml")
        try bench.write("version: 1\nname: [Broken]\n", to: "broken.yaml")
        return ProfileService(
            repository: DirectoryRepository(path: bench.profiles),
            core: bench.core,
            sae: bench.sae,
            controller: bench.loader
        )
    }

    @Test func `a profile is found by its id first and by its display name else`() async throws {
        try await Workbench.with { bench in
            let service = try service(bench)
            #expect(try await service.plan(for: "night").strengths == [3: 2.5])
            #expect(try await service.plan(for: "Deep Night").strengths == [3: 2.5])
            #expect(try await service.plan(for: "dusk").strengths == [4: 1])
        }
    }

    @Test func `a plan tells the file that it was made from`() async throws {
        try await Workbench.with { bench in
            let plan = try await service(bench).plan(for: "night")
            #expect(plan.origin?.profile.description == "night")
            #expect(
                plan.origin?.digest == ContentDigest(of: "version: 1\nname: Deep Night\nsteering:\n  3: 2.5\n".utf8)
            )
        }
    }

    @Test(arguments: [
        ("nobody", ProfileError.Code.notFound), ("../night", .notFound), ("", .notFound),
        ("far", .incompatible), ("broken", .invalidFormat),
    ])
    func `a name that gives no plan is refused with its reason`(name: String, code: ProfileError.Code) async throws {
        try await Workbench.with { bench in
            let service = try service(bench)
            let error = await #expect(throws: ProfileError.self) { try await service.plan(for: name) }
            #expect(error?.code == code)
        }
    }
}
