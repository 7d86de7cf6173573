"""Style: a tiny transformer over the rows of the image, in the functional API; all names in French."""
import keras
import numpy as np
from keras import layers


def build_model(image_shape, n_classes):
    lignes, colonnes, canaux = image_shape
    entree = keras.Input(shape=image_shape)
    suite = layers.Reshape((lignes, colonnes * canaux))(entree)
    suite = layers.Dense(32)(suite)
    place = layers.Embedding(lignes, 32)(keras.ops.arange(lignes))
    suite = suite + place
    attention = layers.MultiHeadAttention(num_heads=2, key_dim=16)(suite, suite)
    suite = layers.LayerNormalization()(suite + attention)
    suite = layers.Flatten()(suite)
    sortie = layers.Dense(n_classes, activation="softmax")(suite)
    return keras.Model(inputs=entree, outputs=sortie)


def compile_model(model):
    perte = keras.losses.SparseCategoricalCrossentropy()
    optimiseur = keras.optimizers.Adam(learning_rate=0.003)
    model.compile(optimizer=optimiseur, loss=perte, metrics=["accuracy"])
    return model


def train_model(model, x, y, x_val, y_val):
    arret = keras.callbacks.EarlyStopping(
        monitor="val_loss", patience=8, restore_best_weights=True
    )
    historique = model.fit(
        x, y, validation_data=(x_val, y_val), epochs=100, callbacks=[arret], verbose=0
    )
    return historique


def best_epoch(history):
    pertes = np.asarray(history.history["val_loss"])
    return int(pertes.argsort(kind="stable")[0]) + 1


def confusion_matrix(model, x, y):
    n = model.output_shape[-1]
    reponses = model.predict(x, verbose=0).argmax(axis=1)
    matrice = np.zeros((n, n), dtype=int)
    for vrai, reponse in zip(y, reponses):
        matrice[vrai, reponse] = matrice[vrai, reponse] + 1
    return matrice
