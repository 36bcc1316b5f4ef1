(function () {
  var rows = [{ name: 'Leeds', m2: 900 }, { name: 'York', m2: 350 }, { name: 'Hull', m2: 620 }];
  var req = indexedDB.open('scratch', 1);
  req.onupgradeneeded = function () {
    var s = req.result.createObjectStore('rows', { autoIncrement: true });
    s.createIndex('m2', 'm2');
    rows.forEach(function (r) { s.add(r); });
  };
  req.onsuccess = function () {
    var db = req.result, all = db.transaction('rows').objectStore('rows').index('m2').getAll();
    all.onsuccess = function () {
      var ol = document.getElementById('sites');
      all.result.reverse().forEach(function (r) { var li = document.createElement('li'); li.textContent = r.name + ', ' + r.m2 + ' m\u00b2'; ol.append(li); });
      db.close();
      indexedDB.deleteDatabase('scratch');
    };
  };
})();
