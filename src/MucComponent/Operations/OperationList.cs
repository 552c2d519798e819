using System.Collections.Immutable;

namespace MucComponent.Operations;

/// <summary>What an operator can do, in the order of help and menus. Add an operation by adding a line.</summary>
public static class OperationList
{
    public static readonly ImmutableArray<Operation> All =
    [
        new RoomsList(), new RoomsShow(), new RoomsOccupants(), new RoomsCreate(), new RoomsDestroy(), new RoomsConfig(), new RoomsAffiliation(), new RoomsActive(), new RoomsUnused(), new RoomsExport(), new RoomsImport(),
        new PersonRemove(), new RemovalsList(), new RemovalsUndo(), new PersonExportFile(), new PersonErase(),
        new Stats(), new Announce(),
    ];

    /// <summary>The operation of this name, or null.</summary>
    public static Operation? Named(string name) => All.FirstOrDefault(o => o.Name == name);

    /// <summary>The operation that has this node as an ad-hoc command, or null.</summary>
    public static Operation? Under(string node) => All.FirstOrDefault(o => o.Nodes.Contains(node));
}
