<?php
// A PHP page behind the gate.  $_SERVER['REMOTE_USER'] comes from the web
// server; no header of a client's can set it (those are HTTP_*).  Where it is
// missing, nobody asked the gate.
$user = $_SERVER['REMOTE_USER'] ?? '';
if ($user === '') {
    http_response_code(403);
    exit("Nobody asked the gate.\n");
}
$roles = array_filter(explode(',', $_SERVER['AUTH_ROLES'] ?? ''));
header('Cache-Control: no-store');
?>
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Hello</title>
<h1>Hello, <?= htmlspecialchars($user) ?></h1>
<ul>
<?php foreach ($roles as $role): ?>
  <li><?= htmlspecialchars($role) ?></li>
<?php endforeach ?>
</ul>
</html>
