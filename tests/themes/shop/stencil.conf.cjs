module.exports = { watchOptions: { files: ['/templates', '/assets'] }, production: done => done() };
