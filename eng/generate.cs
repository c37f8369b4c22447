#!/usr/bin/env dotnet
#:project ../src/Dais.Protocol/Dais.Protocol.csproj

// Writes everything that is made from Dais.Protocol: the TypeScript types of the client, and the tables of docs/protocol.md.
//   dotnet run eng/generate.cs             writes both
//   dotnet run eng/generate.cs -- --check  changes nothing; exits with 1 when one is stale

using System.Collections;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Xml.Linq;
using Dais.Protocol;

bool check = args.Contains("--check");
string root = RepositoryRoot();
var docs = new DocReader(Path.Combine(AppContext.BaseDirectory, "Dais.Protocol.xml"));
string tablesPath = Path.Combine(root, "docs", "protocol.md");
var outputs = new Dictionary<string, string>
{
    [Path.Combine(root, "web", "packages", "client", "src", "protocol.gen.ts")] = new TypeScriptWriter(docs).Write(),
    [tablesPath] = new TableWriter(docs).Fill(File.ReadAllText(tablesPath)),
};

int stale = 0;
foreach ((string path, string content) in outputs)
{
    if (File.Exists(path) && File.ReadAllText(path) == content)
    {
        continue;
    }

    stale++;
    string name = Path.GetRelativePath(root, path);
    if (check)
    {
        Console.Error.WriteLine($"{name} is stale: run `dotnet run eng/generate.cs`.");
        continue;
    }

    Directory.CreateDirectory(Path.GetDirectoryName(path)!);
    File.WriteAllText(path, content);
    Console.WriteLine($"Wrote {name}.");
}

return check && stale > 0 ? 1 : 0;

// The folder with the solution, from wherever inside it this is started.
static string RepositoryRoot()
{
    string? folder = Directory.GetCurrentDirectory();
    while (folder is not null && !File.Exists(Path.Combine(folder, "Dais.slnx")))
    {
        folder = Path.GetDirectoryName(folder);
    }

    return folder ?? throw new InvalidOperationException("Start this inside the repository.");
}

/// <summary>A field of a wire type.</summary>
internal sealed record Field(string Name, Type Type, bool IsOptional, bool IsNullable, string Doc);

/// <summary>Reads the documentation the compiler wrote, and the fields of the wire types.</summary>
internal sealed class DocReader(string path)
{
    private readonly Dictionary<string, XElement> _members =
        XDocument.Load(path).Descendants("member").ToDictionary(member => member.Attribute("name")!.Value);

    internal string Summary(Type type) => Text(_members[$"T:{type.FullName}"].Element("summary"));

    internal string Summary(Type type, string enumMember) => Text(_members[$"F:{type.FullName}.{enumMember}"].Element("summary"));

    internal string Summary(PropertyInfo property) => Text(_members[$"P:{property.DeclaringType!.FullName}.{property.Name}"].Element("summary"));

    /// <summary>The fields of a type, in the order of its constructor, which is their order on the wire.</summary>
    internal IEnumerable<Field> Fields(Type type)
    {
        var nullability = new NullabilityInfoContext();
        var constructor = type.GetConstructors().MaxBy(candidate => candidate.GetParameters().Length)!;
        foreach (var parameter in constructor.GetParameters())
        {
            var property = type.GetProperty(parameter.Name!)!;
            bool isNullable = nullability.Create(property).ReadState == NullabilityState.Nullable;
            bool isAlwaysWritten = property.GetCustomAttribute<JsonIgnoreAttribute>()?.Condition == JsonIgnoreCondition.Never;
            yield return new Field(
                JsonNamingPolicy.CamelCase.ConvertName(property.Name),
                Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType,
                IsOptional: parameter.HasDefaultValue,
                IsNullable: isNullable && isAlwaysWritten,
                Text(_members[$"T:{type.FullName}"].Elements("param").Single(param => param.Attribute("name")!.Value == parameter.Name)));
        }
    }

    internal static object? Default(Type type, Field field) =>
        type.GetConstructors().SelectMany(constructor => constructor.GetParameters())
            .First(parameter => JsonNamingPolicy.CamelCase.ConvertName(parameter.Name!) == field.Name).DefaultValue;

    private static string Text(XElement? element) =>
        string.Join(' ', (element?.Value ?? "").Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries));
}

/// <summary>What a type is called in TypeScript, and which types it leads to.</summary>
internal static class WireTypeNames
{
    internal static string Of(Type type)
    {
        if (Element(type) is { } element)
        {
            return $"{Of(element)}[]";
        }

        return type == typeof(string) ? "string"
            : type == typeof(bool) ? "boolean"
            : type.IsPrimitive ? "number"
            : typeof(IEnumerable).IsAssignableFrom(type) ? $"Record<string, {Of(type.GetGenericArguments()[1])}>"
            : type.Name;
    }

    internal static Type? Element(Type type) =>
        type.IsGenericType && type.GetGenericArguments() is [var element] && type.IsAssignableTo(typeof(IEnumerable)) ? element : null;

    internal static bool IsOurs(Type type) => type.Assembly == typeof(Methods).Assembly;

    internal static bool IsEmpty(Type type) => type == typeof(NoParams) || type == typeof(EmptyResult);
}

/// <summary>Writes the TypeScript types.</summary>
internal sealed class TypeScriptWriter(DocReader docs)
{
    private readonly StringBuilder _text = new();
    private readonly List<Type> _types = [];

    internal string Write()
    {
        foreach (var type in Methods.All.SelectMany(method => (Type[])[method.ParamsType, method.ResultType])
            .Concat(Notifications.All.Select(notification => notification.DataType))
            .Append(typeof(RoomSyncParams))
            .Append(typeof(MediaLayersWantedParams)))
        {
            Collect(type);
        }

        Line("// Generated from src/Dais.Protocol by eng/generate.cs: do not edit.");
        foreach (var type in _types)
        {
            WriteType(type);
        }

        WriteMethods();
        WriteEvents();
        WriteCodes();
        return _text.ToString();
    }

    /// <summary>Puts what a type is made of before it.</summary>
    private void Collect(Type type)
    {
        if (WireTypeNames.Element(type) is { } element)
        {
            Collect(element);
            return;
        }

        if (_types.Contains(type) || !WireTypeNames.IsOurs(type) || WireTypeNames.IsEmpty(type))
        {
            return;
        }

        foreach (var field in type.IsEnum ? [] : docs.Fields(type))
        {
            Collect(field.Type);
        }

        _types.Add(type);
    }

    private void WriteType(Type type)
    {
        Line();
        if (type.IsEnum)
        {
            Line("/**");
            Line($" * {docs.Summary(type)}");
            string[] names = Enum.GetNames(type);
            foreach (string name in names)
            {
                Line($" * - `{JsonNamingPolicy.CamelCase.ConvertName(name)}`: {docs.Summary(type, name)}");
            }

            Line(" */");
            Line($"export type {type.Name} = {string.Join(" | ", names.Select(name => $"'{JsonNamingPolicy.CamelCase.ConvertName(name)}'"))};");
            return;
        }

        Line($"/** {docs.Summary(type)} */");
        Line($"export interface {type.Name} {{");
        foreach (var field in docs.Fields(type))
        {
            Line($"  /** {field.Doc} */");
            Line($"  {field.Name}{(field.IsOptional ? "?" : "")}: {WireTypeNames.Of(field.Type)}{(field.IsNullable ? " | null" : "")};");
        }

        Line("}");
    }

    private void WriteMethods()
    {
        Line();
        Line("/** Every method: what it takes and what it gives. */");
        Line("export interface Methods {");
        foreach (var method in Methods.All)
        {
            Line($"  /** {method.Doc} */");
            Line($"  '{method.Name}': {{ params: {NameOrEmpty(method.ParamsType)}; result: {NameOrEmpty(method.ResultType)} }};");
        }

        Line("}");
    }

    private void WriteEvents()
    {
        Line();
        Line("/** The data of every `room.event`, by its type. */");
        Line("export interface RoomEvents {");
        foreach (var notification in Notifications.All)
        {
            Line($"  /** {notification.Doc} */");
            Line($"  '{notification.Type}': {notification.DataType.Name};");
        }

        Line("}");
    }

    private void WriteCodes()
    {
        Line();
        Line("/** The codes of errors, by name. */");
        Line("export const ErrorCodes = {");
        foreach (var error in ErrorCodes.All)
        {
            Line($"  /** {error.Message}. */");
            Line($"  {error.Name}: {error.Code},");
        }

        Line("} as const;");
        Line();
        Line("/** The codes a WebSocket is closed with, by name. */");
        Line("export const CloseCodes = {");
        foreach (var close in CloseCodes.All)
        {
            Line($"  /** {close.Meaning} {(close.Reconnect ? "Connect again." : "Do not connect again by yourself.")} */");
            Line($"  {close.Name}: {close.Code},");
        }

        Line("} as const;");
    }

    private static string NameOrEmpty(Type type) => WireTypeNames.IsEmpty(type) ? "Record<string, never>" : type.Name;

    private void Line(string line = "") => _text.Append(line).Append('\n');
}

/// <summary>Writes the tables of docs/protocol.md, between their markers.</summary>
internal sealed class TableWriter(DocReader docs)
{
    internal string Fill(string page)
    {
        foreach (string section in Methods.All.Select(method => method.Section).Distinct())
        {
            page = Replace(page, $"methods: {section}", MethodTable(section));
        }

        page = Replace(page, "types", TypeTables());
        page = Replace(page, "notifications", NotificationTable());
        page = Replace(page, "errors", ErrorTable());
        return Replace(page, "close codes", CloseTable());
    }

    private static string Replace(string page, string name, string content)
    {
        string begin = $"<!-- generated: {name} -->\n";
        const string end = "<!-- end -->";
        int from = page.IndexOf(begin, StringComparison.Ordinal);
        int to = from < 0 ? -1 : page.IndexOf(end, from, StringComparison.Ordinal);
        return to < 0
            ? throw new InvalidOperationException($"docs/protocol.md has no place for `{name}`.")
            : $"{page[..(from + begin.Length)]}{content}{page[to..]}";
    }

    private string MethodTable(string section)
    {
        var text = new StringBuilder();
        foreach (var method in Methods.All.Where(method => method.Section == section))
        {
            text.Append($"#### `{method.Name}`\n\n{method.Doc}\n\n");
            AppendFields(text, "parameter", method.ParamsType);
            text.Append($"Result: {ResultOf(method.ResultType)}\n\n");
        }

        return text.ToString();
    }

    private static string ResultOf(Type type) => WireTypeNames.IsEmpty(type) ? "`{}`" : $"[`{type.Name}`](#{Anchor(type)})";

    private string TypeTables()
    {
        var types = new List<Type>();
        foreach (var type in Methods.All
            .SelectMany(method => docs.Fields(method.ParamsType).Select(field => field.Type).Append(method.ResultType))
            .Concat(Notifications.All.Select(notification => notification.DataType)))
        {
            Collect(type, types);
        }

        var text = new StringBuilder();
        foreach (var type in types.OrderBy(type => type.Name, StringComparer.Ordinal))
        {
            text.Append($"#### {type.Name}\n\n{docs.Summary(type)}\n\n");
            if (type.IsEnum)
            {
                text.Append("| value | meaning |\n|---|---|\n");
                foreach (string name in Enum.GetNames(type))
                {
                    text.Append($"| `\"{JsonNamingPolicy.CamelCase.ConvertName(name)}\"` | {docs.Summary(type, name)} |\n");
                }

                text.Append('\n');
                continue;
            }

            AppendFields(text, "field", type);
        }

        return text.ToString();
    }

    private void Collect(Type type, List<Type> types)
    {
        var wire = WireTypeNames.Element(type) ?? type;
        if (types.Contains(wire) || !WireTypeNames.IsOurs(wire) || WireTypeNames.IsEmpty(wire))
        {
            return;
        }

        types.Add(wire);
        foreach (var field in wire.IsEnum ? [] : docs.Fields(wire))
        {
            Collect(field.Type, types);
        }
    }

    private void AppendFields(StringBuilder text, string heading, Type type)
    {
        var fields = WireTypeNames.IsEmpty(type) ? [] : docs.Fields(type).ToArray();
        if (fields.Length == 0)
        {
            return;
        }

        text.Append($"| {heading} | type | meaning |\n|---|---|---|\n");
        foreach (var field in fields)
        {
            string optional = field.IsOptional ? "?" : "";
            text.Append($"| `{field.Name}{optional}` | {TypeOf(field)}{DefaultOf(type, field)} | {field.Doc} |\n");
        }

        text.Append('\n');
    }

    private static string TypeOf(Field field)
    {
        string name = WireTypeNames.Of(field.Type);
        var wire = WireTypeNames.Element(field.Type) ?? field.Type;
        string shown = WireTypeNames.IsOurs(wire) ? $"[`{name}`](#{Anchor(wire)})" : $"`{name}`";
        return field.IsNullable ? $"{shown} or `null`" : shown;
    }

    private static string DefaultOf(Type type, Field field) => !field.IsOptional ? "" : DocReader.Default(type, field) switch
    {
        null => "",
        string text => $" = `\"{text}\"`",
        bool flag => flag ? " = `true`" : " = `false`",
        Enum value => $" = `\"{JsonNamingPolicy.CamelCase.ConvertName(value.ToString())}\"`",
        var number when field.Type.IsEnum =>
            $" = `\"{JsonNamingPolicy.CamelCase.ConvertName(Enum.ToObject(field.Type, number).ToString()!)}\"`",
        var number => $" = `{number}`",
    };

    private static string Anchor(Type type) => type.Name.ToLowerInvariant();

    private static string NotificationTable()
    {
        var text = new StringBuilder("| type | data | to | tells |\n|---|---|---|---|\n");
        foreach (var notification in Notifications.All)
        {
            var data = notification.DataType;
            text.Append($"| `{notification.Type}` | [`{data.Name}`](#{Anchor(data)}) | {notification.To} | {notification.Doc} |\n");
        }

        return text.ToString();
    }

    private string ErrorTable()
    {
        var text = new StringBuilder("| code | name | message | retryable | when |\n|---|---|---|---|---|\n");
        foreach (var property in typeof(ErrorCodes).GetProperties().Where(property => property.PropertyType == typeof(ErrorCode)))
        {
            var error = (ErrorCode)property.GetValue(null)!;
            text.Append($"| {error.Code} | `{error.Name}` | {error.Message} | {(error.Retryable ? "yes" : "no")} | {docs.Summary(property)} |\n");
        }

        return text.ToString();
    }

    private static string CloseTable()
    {
        var text = new StringBuilder("| code | name | reconnect | meaning |\n|---|---|---|---|\n");
        foreach (var close in CloseCodes.All)
        {
            text.Append($"| {close.Code} | `{close.Name}` | {(close.Reconnect ? "yes" : "no")} | {close.Meaning} |\n");
        }

        return text.ToString();
    }
}
