import ProfileDirectory
import Profiles

/// The daemon's status in words.
struct StatusReport {
    let daemon: Daemon
    /// What the directory says and the daemon has not followed; nil if there is no such thing.
    var pending: DesiredState?
    /// The profiles that were activated in spite of names that differ.
    var forced: [ProfileID] = []
    /// The directory of profiles, as the user named it.
    let directory: String
    let style: Style
    /// The width of the terminal, to which facts are folded; nil if there is none.
    let width: Int?

    /// The whole status, a fact a line.
    var text: String {
        switch daemon {
        case .unknown:
            let remark = FilePlace.isDirectory(directory) ? "" : ", and there is no such directory"
            return "No daemon has served '\(directory.escapedForDisplay)' yet\(remark)."
        case .silent(let pid):
            let sentences = Daemon.silence(of: pid, serving: directory)
            return FoldedText.lines(of: sentences, width: width).joined(separator: "\n")
        case .stopped(let status):
            let headline = "No daemon is running for '\(directory)'. The last one (pid \(status.pid)) left this behind:"
            let lines = FoldedText.lines(of: headline, width: width) + facts(of: status).map(line(for:))
            return lines.joined(separator: "\n")
        case .running(let status):
            return facts(of: status).map(line(for:)).joined(separator: "\n")
        }
    }

    /// The status behind the time, in a line where that fits the terminal.
    func line(at time: Timestamp) -> String {
        let stamp = style(.faint, time.localTimeOfDay)
        return FoldedText.lines(of: line(behind: stamp), width: width, indentedBy: 10).joined(separator: "\n")
    }

    private func line(behind stamp: String) -> String {
        switch daemon {
        case .unknown: return "\(stamp)  no daemon"
        case .silent(let pid): return "\(stamp)  \(style(.caution, "no status")) (pid \(pid))"
        case .stopped(let status): return "\(stamp)  \(style(.caution, "ended")) (pid \(status.pid))"
        case .running(let status):
            let parts = [
                styled(status.state), status.applied.map(summary(of:)) ?? "nothing applied",
                "generation \(status.generation)", status.reason?.sentence(style: style),
            ]
            return stamp + "  " + parts.compactMap(\.self).joined(separator: "  ")
        }
    }

    private struct Fact {
        var title: String
        var text: String
    }

    private func facts(of status: LoaderStatus) -> [Fact] {
        let pid = daemon.runningStatus == nil ? "not running" : "pid \(status.pid)"
        var facts = [
            Fact(title: "state", text: styled(status.state)),
            Fact(title: "desired", text: status.desired.map(summary(of:)) ?? whyNothingIsDesired(in: status)),
            Fact(title: "applied", text: status.applied.map(summary(of:)) ?? "nothing"),
        ]
        if let id = status.applied?.id, forced.contains(id) {
            let news = "activated with --force: that it is for another model or SAE is passed over"
            facts.append(Fact(title: "forced", text: news))
        }
        if let pending {
            let news = Fact(title: "active", text: "\(summary(of: pending)); the daemon has not followed yet")
            facts.insert(news, at: 0)
        }
        if status.state == .held {
            let way = "'millm activate ID' or a change of the active profile on disk ends that"
            facts.append(Fact(title: "held", text: "this steering was set or kept over the API; \(way)"))
        }
        if let reason = status.reason {
            facts.append(Fact(title: "reason", text: reason.sentence(style: style)))
            // About a profile's file 'millm validate' tells more.
            if status.desired == nil, let code = DiagnosticCode(code: reason.code) {
                facts.append(Fact(title: "help", text: code.help))
            }
            facts.append(Fact(title: "since", text: reason.since.localMinute))
        }
        facts.append(Fact(title: "daemon", text: "\(pid), generation \(status.generation), \(status.mode.rawValue)"))
        facts.append(Fact(title: "model", text: summary(of: status.model)))
        facts.append(Fact(title: "sae", text: status.sae.map(summary(of:)) ?? "none"))
        return facts
    }

    /// That no profile is active; or what is wrong with `active` or the directory, so that nobody can tell.
    private func whyNothingIsDesired(in status: LoaderStatus) -> String {
        // What the core has refused has no place.
        guard let reason = status.reason, reason.file != nil else { return "no profile" }
        return reason.message.escapedForDisplay
    }

    private func line(for fact: Fact) -> String {
        let title = fact.title.padded(toWidth: 8)
        let lines = FoldedText.lines(of: "\(title) \(fact.text)", width: width, indentedBy: 9)
        return style(.faint, title) + lines.joined(separator: "\n").dropFirst(title.count)
    }

    private func styled(_ state: LoaderStatus.State) -> String {
        switch state {
        case .ok: style(.good, state.rawValue)
        case .inactive: state.rawValue
        case .held: style(.caution, state.rawValue)
        case .degraded: style(.bad, state.rawValue)
        }
    }

    private func summary(of desired: LoaderStatus.Desired) -> String {
        "\(desired.id.description.escapedForDisplay) (\(desired.digest.map(\.short) ?? "cannot be read"))"
    }

    private func summary(of pending: DesiredState) -> String {
        switch pending {
        case .fault(let finding), .directoryGone(let finding): finding.message.escapedForDisplay
        case .absent, .profile, .unreadable: LoaderStatus.Desired(pending).map(summary(of:)) ?? "no profile"
        }
    }

    private func summary(of applied: LoaderStatus.Applied) -> String {
        let name = applied.id.map(\.description.escapedForDisplay) ?? "steering without a profile"
        let digest = applied.digest.map { " (\($0.short))" } ?? ""
        let source = applied.source == .directory ? "" : ", by \(applied.source.rawValue)"
        return "\(name)\(digest), \(applied.features.counted("feature")), since \(applied.at.localMinute)\(source)"
    }

    private func summary(of model: LoaderStatus.Model) -> String {
        "\(model.name.escapedForDisplay), \(model.layerCount) layers, width \(model.embeddingSize)"
    }

    private func summary(of sae: LoaderStatus.SAE) -> String {
        "\(sae.id.escapedForDisplay), layer \(sae.layer), \(sae.featureCount) features"
    }
}
