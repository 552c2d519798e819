using System.Collections.Immutable;
using System.Xml.Linq;
using MucComponent.Rooms.Features;

namespace MucComponent.Rooms;

/// <summary>What a room does besides being a room, in the order it does it. Add a feature by adding a line.</summary>
public sealed class FeatureList
{
    private readonly ImmutableDictionary<XNamespace, Feature> _answering;

    private FeatureList(params ImmutableArray<Feature> features)
    {
        All = features;
        Options = [.. features.SelectMany(f => f.Options)];
        Commands = [.. features.SelectMany(f => f.Commands)];
        _answering = features.SelectMany(f => f.Answers, (f, ns) => (f, ns)).ToImmutableDictionary(a => a.ns, a => a.f);
    }

    public ImmutableArray<Feature> All { get; }

    /// <summary>All options, in the order of the form.</summary>
    public ImmutableArray<Option> Options { get; }

    /// <summary>All commands, in the order of their list.</summary>
    public ImmutableArray<RoomCommand> Commands { get; }

    public static FeatureList Standard(ServicePolicy policy) => new(
        // what the room is
        new About(policy), new PersistentRoom(), new PublicRoom(), new OwnersAndAdmins(), new DataPolicy(policy),
        // who may enter: the first refusal wins
        new MembersOnly(), new Password(), new MaxOccupants(policy),
        // what may be said and seen
        new Moderated(), new SlowMode(), new Repetition(), new Links(), new KeptRoles(), new Mutes(), new VoiceRequests(), new Visitors(), new Anonymity(),
        new PresenceBroadcast(), new LargeRooms(), new PrivateMessages(), new Queries(), new SubjectChanges(), new OccupantList(),
        // who belongs to it, and who looks after it
        new Invitations(), new InvitationTokens(), new MemberLists(), new AffiliationVersions(), new Registration(), new Hats(),
        new TimedBans(), new Retraction(), new Moderation(), new Corrections(), new Actors(), new AuditLog(),
        // what is added to a message on its way out, and kept
        new OccupantIds(), new StanzaIds(), new Logging(), new Retention(), new History(), new Activity(), new InlineMedia(), new ExplicitMentions(), new Mentions(),
        // what is answered
        new SelfPing(), new Avatar(), new Archive(), new Erasure());

    /// <summary>The same with one more feature, which speaks last.</summary>
    public FeatureList With(Feature feature) => new(All.Add(feature));

    /// <summary>The same without those that offer commands.</summary>
    public FeatureList WithoutCommands() => new([.. All.Where(f => f.Commands.IsEmpty)]);

    /// <summary>The command of this node, or null.</summary>
    public RoomCommand? Command(string node) => Commands.FirstOrDefault(c => c.Node == node);

    /// <summary>The feature that answers requests in this namespace, or null.</summary>
    public Feature? Answering(XNamespace ns) => _answering.GetValueOrDefault(ns);
}
